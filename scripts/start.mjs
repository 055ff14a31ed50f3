// `npm start`: builds what is stale, then becomes `freehold start` with the same arguments. npm runs scripts in
// the repository's root, so it first goes back to the folder where the user's relative paths are meant.
import { build } from './build.mjs';

for (const name of await build()) console.log(`built ${name}`);
process.chdir(process.env.INIT_CWD ?? process.cwd());
process.argv.splice(2, 0, 'start');
await import('../packages/server/bin/freehold.js');
