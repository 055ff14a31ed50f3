// Reading one entry of a configuration file by its schema: keys that nobody knows are problems, and so is every value of
// the wrong kind. Of keys that Auth0 knows and this server has no use for, those that a schema names (`noEffect`) are
// kept, and those that it does not name (unsupported-keys.ts) are taken out; a warning tells of either.
import { z } from 'zod';
import { type Findings, type Path, pathInWords, suggestion } from './findings.ts';
import { eachUnused, isRecord, unwrapped } from './unused.ts';

export type UnsupportedKeys = Readonly<Record<string, readonly string[]>>;

/** The entry at `path`, or undefined if it has a problem, which is then among the findings. */
export function parseEntry<T>(
  schema: z.ZodType<T>,
  value: unknown,
  path: Path,
  unsupported: UnsupportedKeys,
  findings: Findings,
): T | undefined {
  const first = schema.safeParse(value);
  if (first.success) {
    warnOfUnused(schema, first.data, path, findings);
    return first.data;
  }
  const known = structuredClone(value);
  for (const issue of first.error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const inside = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    for (const key of issue.keys) {
      reportKey(key, [...path, ...inside], keysAt(schema, inside), unsupported, findings);
      removeKey(known, inside, key);
    }
  }
  const second = schema.safeParse(known);
  if (second.success) {
    warnOfUnused(schema, second.data, path, findings);
    return second.data;
  }
  for (const issue of second.error.issues) {
    const inside = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
    findings.problem([...path, ...inside], issueInWords(issue, inside, known));
  }
  return undefined;
}

function warnOfUnused(schema: z.ZodType, entry: unknown, path: Path, findings: Findings): void {
  for (const [inside] of eachUnused(schema, entry)) findings.warnOfNoEffect([...path, ...inside]);
}

function reportKey(
  key: string,
  path: Path,
  supported: string[],
  unsupported: UnsupportedKeys,
  findings: Findings,
): void {
  const place = pathInWords(path).replace(/\[\d+\]/g, '[]');
  const known = Object.hasOwn(unsupported, place) ? (unsupported[place] ?? []) : [];
  if (known.includes(key)) findings.warnOfNoEffect([...path, key]);
  else
    findings.problem(
      [...path, key],
      `is no known key: take it out${suggestion(key, [...supported, ...known])}`,
    );
}

/** The keys that the schema has at this path. */
function keysAt(given: unknown, path: Path): string[] {
  const schema = unwrapped(given);
  const [step, ...rest] = path;
  if (schema instanceof z.ZodArray) return keysAt(schema.element, rest);
  if (!(schema instanceof z.ZodObject)) return [];
  return step === undefined ? Object.keys(schema.shape) : keysAt(schema.shape[step], rest);
}

function removeKey(value: unknown, path: Path, key: string): void {
  const parent = path.reduce<unknown>((at, step) => (isRecord(at) ? at[step] : undefined), value);
  if (isRecord(parent)) delete parent[key];
}

function issueInWords(issue: z.core.$ZodIssue, path: Path, value: unknown): string {
  const found = path.reduce<unknown>((at, step) => (isRecord(at) ? at[step] : undefined), value);
  if (found === undefined && issue.code === 'invalid_type')
    return `is missing: give ${article(issue.expected)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return issue.minimum === 1 && (issue.origin === 'object' || unit(issue.origin) !== '')
        ? 'must not be empty'
        : `must be at least ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      if (issue.origin === 'object') return `must have at most ${issue.maximum} keys`;
      return `must be at most ${issue.maximum}${unit(issue.origin)}`;
    default:
      return issue.message.startsWith('must') ? issue.message : `is not valid: ${issue.message}`;
  }
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}

function article(kind: string): string {
  const names: Record<string, string> = {
    array: 'a list',
    object: 'keys with values',
    record: 'keys with values',
    int: 'a whole number',
  };
  return Object.hasOwn(names, kind) ? String(names[kind]) : `a ${kind}`;
}
