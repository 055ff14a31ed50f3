// The log: JSON lines on standard output. Whatever goes in, no token, code, password, cookie or raw URL comes out, and
// no text can forge a line or drive a terminal. It knows the names of secrets on the wire and nothing of what is told.

import pino, { type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

export interface LogOptions {
  level: string;
  /** Standard output unless given. */
  destination?: DestinationStream;
}

/** Whatever stands under these names is a secret, in either spelling: `client_secret`, `clientSecret`, `Set-Cookie`. */
const secretNames = namesIn(`
  token access_token refresh_token id_token id_token_hint logout_token subject_token actor_token mfa_token
  code user_code device_code binding_code recovery_code otp code_verifier state nonce login_hint request ticket
  password new_password old_password confirm_password password_hash
  secret client_secret assertion client_assertion private_key master_key registration_access_token
  cookie cookies set_cookie authorization proxy_authorization dpop`);
const urlNames = namesIn('url original_url location referer referrer');

const redacted = '[redacted]';
const greatestDepth = 6;
const mostEntries = 50;
const mostStackLines = 30;

export function createLog({ level, destination }: LogOptions): Log {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: loggable },
      serializers: { msg: (text: unknown) => (typeof text === 'string' ? capped(text) : text), err: same },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
  const { child } = log;
  // Pino formats what a child is bound to once, by none of the above.
  log.child = function (this: Log, bindings, options) {
    return Reflect.apply(child, this, [loggable(bindings), options]);
  };
  return log;
}

/** The path of a URL, as logs may hold it: no user name, no query and no fragment. */
export function loggedPath(url: string): string {
  return capped(url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:)?\/\/[^/]*@/i, '$1//'));
}

// C0 and C1 controls (ESC among them), line separators, and what turns or hides the text after it (bidirectional and
// zero-width characters).
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A string of a stranger as a log may hold it: of bounded length, and every control character spelt out. */
export function capped(value: string, length = 200): string {
  const escaped = value.slice(0, length).replace(unprintable, (character) => {
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
  return value.length > length ? `${escaped}… (${value.length} characters)` : escaped;
}

function loggable(record: object): Record<string, unknown> {
  return loggableEntries(record, greatestDepth);
}

function loggableEntries(record: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(record).slice(0, mostEntries);
  return Object.fromEntries(
    entries.map(([name, value]) => [capped(name), loggableEntry(name, value, depth)]),
  );
}

function loggableEntry(name: string, value: unknown, depth: number): unknown {
  const bare = bareName(name);
  if (secretNames.has(bare) && value !== undefined && value !== null) return redacted;
  if (urlNames.has(bare) && (typeof value === 'string' || value instanceof URL))
    return loggedPath(String(value));
  return loggableValue(value, depth);
}

function loggableValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return capped(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '[…]';
  if (value instanceof Error) return loggableError(value, depth);
  if (Array.isArray(value)) return value.slice(0, mostEntries).map((item) => loggableValue(item, depth - 1));
  if (value instanceof URL) return loggedPath(value.href);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return loggableEntries(value, depth - 1);
  // Requests, buffers, keys: what they hold is not for the log.
  return `[${capped(value.constructor.name)}]`;
}

/** Of an error its own properties are left out but for the code: drivers keep rows and parameters in them. */
function loggableError(error: Error, depth: number): Record<string, unknown> {
  const stack = error.stack
    ?.split('\n')
    .slice(0, mostStackLines)
    .map((line) => capped(line));
  return {
    type: error.name,
    message: capped(error.message),
    ...('code' in error && { code: loggableValue(error.code, 0) }),
    stack: stack?.join('\n'),
    ...(error.cause !== undefined && { cause: loggableValue(error.cause, depth - 1) }),
  };
}

function namesIn(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/).map(bareName));
}

function bareName(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

function same<T>(value: T): T {
  return value;
}
