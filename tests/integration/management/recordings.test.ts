// What Auth0 was recorded to answer, replayed: everything of the operations that are served, with what each names made
// before. Status, members and their types, defaults, what comes back of what was sent, and the words of refusals.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { routes } from '../../../packages/server/src/management/index.ts';
import { sampleTenant, users } from '../../setup/flow.ts';
import { type ApiAnswer, managementApi } from '../../setup/management.ts';
import { recordedExceptions } from '../../setup/recorded-exceptions.ts';
import { Scene } from '../../setup/recorded-scene.ts';
import { setUps } from '../../setup/recorded-scenes.ts';
import { differences, type Recording, readRecordings } from '../../setup/recordings.ts';
import { type Freehold, startFreehold } from '../../setup/server.ts';

const served = new Set(routes.map(({ method, path }) => `${method} ${path}`));
const recordings = readRecordings().filter((recording) => served.has(nameOf(recording)));
const needed = new Set<string>();

describe('recorded interactions', () => {
  let freehold: Freehold;
  let scene: Scene;
  beforeAll(async () => {
    freehold = await startFreehold({ tenant: sampleTenant(), users });
  });
  // A token of its own for each: one recording revokes the key that has signed the others'.
  beforeEach(async () => {
    scene = new Scene(freehold, await managementApi(freehold));
  });
  afterEach(() => scene.strike());
  afterAll(() => freehold.stop());

  test.each(
    recordings.map(
      (recording, index) => [`${index}: ${nameOf(recording)} ${recording.status}`, recording] as const,
    ),
  )('%s', async (_name, recording) => {
    const { status, body, text, sent } = await replay(recording, scene);
    const found = differences({ ...recording, request: sent }, text === '' ? null : body);
    if (status !== recording.status)
      found.unshift(`status ${status}, recorded ${recording.status}: ${text.slice(0, 200)}`);
    expect(found.filter((difference) => !isException(recording, difference))).toEqual([]);
  });

  test('each exception is needed', () => {
    expect(recordedExceptions.filter(({ why }) => !needed.has(why))).toEqual([]);
  });
});

function nameOf({ method, path }: Recording): string {
  return `${method} ${path}`;
}

function isException(recording: Recording, difference: string): boolean {
  const found = recordedExceptions.find(
    (exception) =>
      (exception.operation ?? nameOf(recording)) === nameOf(recording) &&
      exception.difference.test(difference),
  );
  if (found !== undefined) needed.add(found.why);
  return found !== undefined;
}

/** `sent`: with what was made in place of what the recording names. */
async function replay(recording: Recording, scene: Scene): Promise<ApiAnswer & { sent: unknown }> {
  const { method, path, status, request } = recording;
  const setUp = setUps[nameOf(recording)] ?? setUps[path];
  // What was not found is not made.
  const { params, body, query } = (status === 404 ? undefined : await setUp?.(scene, recording)) ?? {};
  const filled = path.replace(/\{(\w+)\}/g, (_braces, name: string) =>
    encodeURIComponent(params?.[name] ?? recording.params[name] ?? ''),
  );
  const asked = new URLSearchParams([...recording.query, ...Object.entries(query ?? {})]);
  for (const name of Object.keys(query ?? {})) asked.set(name, query?.[name] ?? '');
  const target = asked.size === 0 ? filled : `${filled}?${asked}`;
  if (method === 'GET') return { ...(await scene.api.get(target)), sent: null };
  const sent = Array.isArray(body) ? body : request === null ? undefined : { ...request, ...body };
  const answer = await scene.api[method.toLowerCase() as 'post' | 'patch' | 'put' | 'delete'](target, sent);
  const { id = answer.body.client_id ?? answer.body.user_id } = answer.body;
  if (method === 'POST' && answer.status < 300 && typeof id === 'string' && !path.includes('{'))
    scene.note(`${path}/${encodeURIComponent(id)}`);
  return { ...answer, sent: sent ?? null };
}
