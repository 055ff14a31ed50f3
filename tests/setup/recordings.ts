// Recorded interactions with Auth0's Management API: what was sent, and what came back.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract } from './derive-management-api.ts';
import { operationAt } from './management-api.ts';

export interface Recording {
  method: string;
  /** As the description has it, with its `{id}`. */
  path: string;
  status: number;
  /** What stands in the places of the path's braces. */
  params: Record<string, string>;
  query: URLSearchParams;
  /** What was sent, and what came back: null for nothing. */
  request: unknown;
  response: unknown;
  /** Where it was recorded. */
  source: string;
}

interface Line {
  op: string;
  status: number;
  url: string;
  request: unknown;
  response: unknown;
  source: string;
}

/** Of the operations that are served, in the order of the file. */
export function readRecordings(): Recording[] {
  const lines = readFileSync(join(contract, 'recorded-interactions.jsonl'), 'utf8').trim().split('\n');
  return lines.flatMap((line): Recording[] => {
    const { op, status, url, request, response, source } = JSON.parse(line) as Line;
    const [method = ''] = op.split(' ');
    const { pathname, searchParams: query } = new URL(url, 'https://auth0.example');
    const operation = operationAt(method, pathname);
    if (operation === undefined) return [];
    // Of some, the body has been taken away: they tell nothing but that there was an error.
    if (status >= 400 && JSON.stringify(response) === '{}') return [];
    const { path } = operation;
    return [{ method, path, status, params: paramsOf(path, pathname), query, request, response, source }];
  });
}

function paramsOf(path: string, pathname: string): Record<string, string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const pattern = new RegExp(`${path.replace(/\{\w+\}/g, '([^/]+)')}$`);
  const values = pattern.exec(pathname)?.slice(1) ?? [];
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index] ?? '')]));
}

/**
 * Where an answer differs from a recorded one, each as `/member …`: a member is missing or of another type, a text of
 * a refusal is another, what was sent does not come back as it did, or what was left to the server is another default.
 */
export function differences(recording: Recording, answer: unknown): string[] {
  return [...differing(recording.response, answer, judgeOf(recording))];
}

interface Judge {
  /** Whether the member may not be missing; whatever else the recorded tenant had may. */
  isNeeded(member: string): boolean;
  isEqual(recorded: unknown, ours: unknown, member: string): boolean;
  /** What is read may say nothing where the recorded tenant's said something. */
  mayBeNull: boolean;
}

function judgeOf({ method, status, request }: Recording): Judge {
  const sent = (member: string): unknown =>
    typeof request === 'object' && request !== null ? Reflect.get(request, member) : undefined;
  if (status >= 400)
    return { isNeeded: () => true, isEqual: (recorded, ours) => recorded === ours, mayBeNull: false };
  const comesBack: Judge['isEqual'] = (recorded, ours, member) =>
    sent(member) === undefined || sent(member) !== recorded || ours === recorded;
  if (method !== 'POST')
    return {
      isNeeded: (member) => sent(member) !== undefined,
      isEqual: comesBack,
      mayBeNull: method === 'GET',
    };
  // Texts may be of a tenant's own; what is on or off, or a number, is a default.
  const isDefault: Judge['isEqual'] = (recorded, ours, member) =>
    recorded === ours || (typeof recorded === 'string' && comesBack(recorded, ours, member));
  return { isNeeded: () => true, isEqual: isDefault, mayBeNull: false };
}

/** `top`: the member of the whole that this is, or stands in. */
function* differing(recorded: unknown, ours: unknown, judge: Judge, at = '', top = ''): Generator<string> {
  if (recorded === null || recorded === '' || (ours === null && judge.mayBeNull)) return;
  if (kindOf(recorded) !== kindOf(ours)) {
    yield `${at} is ${kindOf(ours)}, recorded ${kindOf(recorded)}`;
  } else if (Array.isArray(recorded) && Array.isArray(ours)) {
    if (recorded.length > 0 && ours.length > 0) yield* differing(recorded[0], ours[0], judge, `${at}/0`, top);
  } else if (typeof recorded === 'object' && typeof ours === 'object' && ours !== null) {
    for (const [name, member] of Object.entries(recorded)) {
      const above = top || name;
      if (Object.hasOwn(ours, name))
        yield* differing(member, Reflect.get(ours, name), judge, `${at}/${name}`, above);
      else if (member !== null && judge.isNeeded(above)) yield `${at}/${name} is missing`;
    }
  } else if (!judge.isEqual(recorded, ours, top)) {
    yield `${at} is ${JSON.stringify(ours)}, recorded ${JSON.stringify(recorded)}`;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}
