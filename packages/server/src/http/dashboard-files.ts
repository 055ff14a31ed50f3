// The built dashboard: its page, and files whose names change with their content, compressed when they were built.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { contentTypes } from './assets.ts';

export interface DashboardFiles {
  /** The page, with what it is told of the server, and the nonce of its styles. */
  page(settings: Readonly<Record<string, unknown>>, nonce: string): string;
  /** The file of this name, in the smallest form that the request accepts. */
  find(name: string, acceptEncoding: string): Promise<DashboardFile | undefined>;
}

export interface DashboardFile {
  content: Buffer;
  contentType: string;
  encoding: 'br' | 'gzip' | undefined;
}

const encodings = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

/** Undefined where it was not built. */
export function findDashboardFiles(folder: string): DashboardFiles | undefined {
  const assets = join(folder, 'assets');
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  // Only what was there at the start is ever looked for: no name leads elsewhere.
  const names = new Set(readdirSync(assets));
  const template = readFileSync(join(folder, 'index.html'), 'utf8');
  const kept = new Map<string, Promise<Buffer>>();

  function read(name: string): Promise<Buffer> {
    const content = kept.get(name) ?? readFile(join(assets, name));
    kept.set(name, content);
    return content;
  }

  return {
    page: (settings, nonce) =>
      template
        .replaceAll('{{nonce}}', () => nonce)
        .replace('{{settings}}', () => inAttribute(JSON.stringify(settings))),
    async find(name, acceptEncoding) {
      const contentType = contentTypes[extname(name)];
      if (contentType === undefined || !names.has(name)) return undefined;
      const accepted = new Set(acceptEncoding.split(',').map((part) => part.split(';')[0]?.trim()));
      const encoding = encodings.find((it) => accepted.has(it.name) && names.has(name + it.suffix));
      const content = await read(name + (encoding?.suffix ?? ''));
      return { content, contentType, encoding: encoding?.name };
    },
  };
}

function inAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
