/** A member of the literal, and the JavaScript expression for its value in terms of `source`. */
export interface Member {
  name: string;
  value: string;
}

/**
 * `(source) => ({ name: value, … })`, compiled from its text. V8 gives the objects of a literal one shape; members
 * that are set one by one under computed names cost several times as much to write and to read. Names and expressions
 * are of this folder alone, never of a request.
 */
export function compileLiteral<Source, Result>(members: readonly Member[]): (source: Source) => Result {
  const text = members.map(({ name, value }) => `${JSON.stringify(name)}: ${value}`).join(', ');
  return new Function('source', `return { ${text} };`) as (source: Source) => Result;
}

/** The expression for a member, or for the place in an array, of `source`. */
export function memberOfSource(name: string | number): string {
  return `source[${JSON.stringify(name)}]`;
}
