// Bundles src/main.ts and serves it with index.html on http://localhost:3001/. Any static server would do.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
// biome-ignore lint/correctness/noUndeclaredDependencies: the workspace's own bundler
import { build } from 'rolldown';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const page = { type: 'text/html; charset=utf-8', file: at('index.html') };
const script = { type: 'text/javascript; charset=utf-8', file: at('dist/main.js') };

await build({ input: at('src/main.ts'), output: { file: script.file } });

createServer(async (request, response) => {
  const { type, file } = request.url === '/main.js' ? script : page;
  response.writeHead(200, { 'content-type': type }).end(await readFile(file));
}).listen(3001, 'localhost', () => console.log('The example runs on http://localhost:3001/'));
