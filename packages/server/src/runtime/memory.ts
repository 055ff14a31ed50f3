// What a start leaves behind. V8 collects garbage when it wants room, and keeps the room that it has grown into: a server
// that nobody asks anything would hold both for ever.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects all garbage and gives the room back to the system, in one pause of up to a tenth of a second. */
export function releaseUnusedMemory(): void {
  // Only a context that is made under this flag has the function. As long as it is set, V8 refuses Node's own compiled
  // code: what Node loads on demand would take twice as long.
  setFlagsFromString('--expose-gc');
  const collectGarbage: NodeJS.GCFunction = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  // Any lesser collection keeps the room.
  collectGarbage({ type: 'major', flavor: 'last-resort' });
}
