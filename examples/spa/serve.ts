// Bundles src/main.ts and serves it with index.html, on http://localhost:3001/ or the port that is given as argument.
// Any static server would do.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
// biome-ignore lint/correctness/noUndeclaredDependencies: the workspace's own bundler
import { build } from 'rolldown';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { output } = await build({ input: at('src/main.ts'), write: false });
const script = { type: 'text/javascript; charset=utf-8', content: output[0].code };
const page = { type: 'text/html; charset=utf-8', content: await readFile(at('index.html')) };
const port = Number(process.argv[2] ?? 3001);

createServer((request, response) => {
  const { type, content } = request.url === '/main.js' ? script : page;
  response.writeHead(200, { 'content-type': type }).end(content);
}).listen(port, 'localhost', () => console.log(`The example runs on http://localhost:${port}/`));
