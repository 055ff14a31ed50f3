// The names of the settings: flags, the nearest known name to a mistaken one, and the table of docs/settings.md.

import { parseArgs } from 'node:util';
import { editDistance } from '../edit-distance.ts';
import { variables } from './settings-variables.ts';

/** Flags that are given or not, and stand for no variable. */
const switches = {
  '--https':
    'Serve https with a certificate of a local authority, which is made in the data folder once: docs/https.md.',
  '--insecure-allow-http':
    'Accept an http issuer that is not a loopback address: anyone on the way reads passwords and tokens.',
  '--insecure-allow-private-outbound':
    'Send what goes to stored addresses (back-channel logout, `jwks_uri`) also to this machine and to private ' +
    'networks, and over http: whoever may store an address can reach what is behind the firewall.',
  '--insecure-allow-plain-smtp':
    'Hand mail to a server that does not encrypt: anyone on the way reads the links and codes in it.',
};

export interface Flags {
  /** By the variable that the flag stands for. */
  values: Map<string, { text: string; as: string }>;
  switches: Set<keyof typeof switches>;
  problems: string[];
}

export function parseFlags(args: readonly string[]): Flags {
  const known = variables.flatMap(({ name, flag }) => (flag === undefined ? [] : [{ name, flag }]));
  const options = Object.fromEntries(known.map(({ flag }) => [flag.slice(2), { type: 'string' as const }]));
  const flags: Flags = { values: new Map(), switches: new Set(), problems: [] };
  // Not strict: parseArgs would throw at the first mistake, and all of them are told.
  for (const token of parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens) {
    if (token.kind === 'positional')
      flags.problems.push(`${JSON.stringify(token.value)} is no flag of this command`);
    if (token.kind !== 'option') continue;
    const name = known.find(({ flag }) => flag === token.rawName)?.name;
    if (isSwitch(token.rawName) && token.value === undefined) flags.switches.add(token.rawName);
    else if (isSwitch(token.rawName)) flags.problems.push(`${token.rawName} takes no value`);
    else if (name === undefined) {
      const flag = nearest(token.rawName, [...known.map((entry) => entry.flag), ...Object.keys(switches)]);
      flags.problems.push(`${token.rawName} is no flag; did you mean ${flag}?`);
    } else if (token.value) flags.values.set(name, { text: token.value, as: token.rawName });
    else flags.problems.push(`${token.rawName} needs a value`);
  }
  return flags;
}

function isSwitch(name: string): name is keyof typeof switches {
  return Object.hasOwn(switches, name);
}

/** The known name that begins so, or that the fewest insertions, deletions and replacements of a character lead to. */
export function nearest(name: string, known: readonly string[]): string {
  const begun = known.find((candidate) => candidate.startsWith(name));
  if (begun !== undefined) return begun;
  const distances = known.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }));
  return distances.reduce((best, next) => (next.distance < best.distance ? next : best)).candidate;
}

/** The table of docs/settings.md, in Markdown. */
export function settingsTable(): string {
  const rows = variables.map((variable) => [
    variable.flag === undefined ? code(variable.name) : `${code(variable.name)}, ${code(variable.flag)}`,
    variable.description,
    variable.default ?? '–',
    code(variable.example),
  ]);
  for (const [flag, meaning] of Object.entries(switches)) rows.push([code(flag), meaning, 'off', code(flag)]);
  const lines = [['Setting', 'Meaning', 'Default', 'Example'], ['---', '---', '---', '---'], ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function code(text: string): string {
  return `\`${text}\``;
}
