import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Provider } from '../test/provider.ts';
import { AuthorizationError, MemoryTransactions, SilentTimeout, StateMismatch } from './index.ts';

let provider: Provider;
let frames: Frame[];
let target: EventTarget;

class Frame {
  readonly contentWindow = {};
  src = '';
  removed = false;

  remove() {
    this.removed = true;
  }
}

/** The part of a browser that the silent path touches; the browser tests run it in a real one. */
beforeEach(async () => {
  provider = await Provider.start();
  frames = [];
  target = new EventTarget();
  vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
  vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
  vi.stubGlobal('document', {
    createElement: () => new Frame(),
    body: { append: (frame: Frame) => frames.push(frame) },
  });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  await provider.stop();
});

function newClient() {
  return provider.client({ transactions: new MemoryTransactions() });
}

/** However long that takes. */
const patiently = { timeout: 60_000, interval: 1 };

async function openedFrame() {
  const frame = await vi.waitUntil(() => frames[0], patiently);
  const { searchParams } = new URL(frame.src);
  provider.nonce = searchParams.get('nonce') ?? undefined;
  return { frame, searchParams, state: searchParams.get('state') };
}

function post(message: { data: unknown; origin: string; source: unknown }) {
  target.dispatchEvent(Object.assign(new Event('message'), message));
}

function authorizationResponse(response: Record<string, unknown>) {
  return { type: 'authorization_response', response };
}

test('PR-1, RM-6: prompt=none in a frame; its message is the answer, and the frame goes', async () => {
  const renewing = newClient().authenticateSilently();
  const { frame, searchParams, state } = await openedFrame();
  expect(Object.fromEntries(searchParams)).toMatchObject({ prompt: 'none', response_mode: 'web_message' });
  const origin = new URL(provider.issuer).origin;
  post({ data: authorizationResponse({ code: 'c', state }), origin, source: frame.contentWindow });
  expect(await renewing).toHaveProperty('claims.sub', 'auth0|1');
  expect(frame.removed).toBe(true);
});

test('RM-9: a message of another origin, another window or another shape is not the answer', async () => {
  const renewing = newClient().authenticateSilently();
  const { frame, state } = await openedFrame();
  const origin = new URL(provider.issuer).origin;
  const source = frame.contentWindow;
  const forged = authorizationResponse({ error: 'access_denied', state });
  for (const message of [
    { data: forged, origin: 'https://attacker.example', source },
    { data: forged, origin, source: {} },
    { data: { ...forged, type: 'other' }, origin, source },
    { data: { type: 'authorization_response' }, origin, source },
    { data: { type: 'authorization_response', response: null }, origin, source },
    { data: null, origin, source },
    { data: 'authorization_response', origin, source },
  ]) {
    post(message);
  }
  post({ data: authorizationResponse({ code: 'c', state }), origin, source });
  expect(await renewing).toHaveProperty('access_token');
});

test('PR-2: login_required is an AuthorizationError', async () => {
  const renewing = newClient().authenticateSilently();
  const { frame, state } = await openedFrame();
  const data = authorizationResponse({ error: 'login_required', error_description: 'Login required', state });
  post({ data, origin: new URL(provider.issuer).origin, source: frame.contentWindow });
  const error = await renewing.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AuthorizationError);
  expect(error).toMatchObject({ error: 'login_required', error_description: 'Login required', state });
});

test('RFC 6749 §10.12: a message with another state is a StateMismatch', async () => {
  const renewing = newClient().authenticateSilently();
  const { frame } = await openedFrame();
  const data = authorizationResponse({ code: 'c', state: 'forged' });
  post({ data, origin: new URL(provider.issuer).origin, source: frame.contentWindow });
  await expect(renewing).rejects.toBeInstanceOf(StateMismatch);
});

test('RM-7: no answer in time is a SilentTimeout; the frame, and the transaction, are gone', async () => {
  const transactions = new MemoryTransactions();
  const silent = provider.client({ transactions });
  await silent.metadata();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const outcome = silent.authenticateSilently({}, 10).catch((thrown: unknown) => thrown);
  const state = await vi.waitFor(
    () => new URL(frames[0]?.src ?? '').searchParams.get('state') ?? '',
    patiently,
  );
  expect(frames[0]?.removed).toBe(false);
  vi.advanceTimersByTime(10_000);
  expect(await outcome).toBeInstanceOf(SilentTimeout);
  expect(frames[0]?.removed).toBe(true);
  expect(transactions.take(state)).toBeUndefined();
});

test('OIDC Core §3.1.2.1: a client with tokens sends its ID token as id_token_hint', async () => {
  const silent = await provider.loggedIn({ transactions: new MemoryTransactions() });
  const hint = silent.tokens?.id_token;
  const renewing = silent.authenticateSilently();
  const { frame, searchParams, state } = await openedFrame();
  expect(searchParams.get('id_token_hint')).toBe(hint);
  const data = authorizationResponse({ code: 'c', state });
  post({ data, origin: new URL(provider.issuer).origin, source: frame.contentWindow });
  await renewing;
});
