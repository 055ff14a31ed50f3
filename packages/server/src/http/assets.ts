// Stylesheets and scripts of the pages, read once at start from the folder beside the server's bundle.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { sha256 } from '../runtime/cryptography/hash.ts';

export interface Asset {
  content: Buffer;
  contentType: string;
  /** Of its content; stands in its URL, so that the browser may keep it. */
  version: string;
}

export interface Assets {
  find(name: string): Asset | undefined;
  /** `freehold.css` → `/assets/freehold.css?v=…` */
  url(name: string): string;
}

export const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export function readAssets(folder: string): Assets {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(folder)) {
    const contentType = contentTypes[extname(name)];
    if (contentType === undefined) continue;
    const content = readFileSync(join(folder, name));
    assets.set(name, { content, contentType, version: sha256(content.toString()).slice(0, 12) });
  }
  return {
    find: (name) => assets.get(name),
    url(name) {
      const asset = assets.get(name);
      if (asset === undefined) throw new Error(`There is no asset ${name}`);
      return `/assets/${name}?v=${asset.version}`;
    },
  };
}
