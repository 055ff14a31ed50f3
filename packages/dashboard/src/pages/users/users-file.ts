// A file that somebody wants to import: looked at before it is sent, so that what is wrong with it is told at once.

export interface UsersFile {
  file: File;
  /** Of the users in it; undefined if it cannot be sent. */
  count?: number;
  problem?: string;
}

/** As the server takes it, in bytes (contract §6.1). */
const largest = 512_000;

export async function readUsersFile(file: File): Promise<UsersFile> {
  if (file.size > largest)
    return { file, problem: `It has ${kilobytes(file.size)}, and ${kilobytes(largest)} are taken: split it` };
  try {
    const users: unknown = JSON.parse(await file.text());
    if (!Array.isArray(users)) return { file, problem: 'This is JSON, but no list: [ { … }, { … } ]' };
    return users.length === 0 ? { file, problem: 'There is nobody in it' } : { file, count: users.length };
  } catch (error) {
    return { file, problem: `This is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000).toLocaleString('en')} kB`;
}
