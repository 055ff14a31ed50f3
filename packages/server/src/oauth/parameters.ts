// The parameters of one OAuth request, however they came: query, form or JSON. Parsed strictly: what cannot be
// decoded without loss is refused here, so that nobody behind this file meets a NUL or half a character.
import { InvalidRequest, InvalidScope, reflected } from './errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export class Parameters {
  /** As they came. */
  readonly pairs: readonly [name: string, value: string][];
  /** Names that came more than once (GL-10). */
  readonly repeated: ReadonlySet<string>;
  readonly #values: ReadonlyMap<string, string>;
  readonly #malformed: ReadonlyMap<string, string>;
  readonly #objects: ReadonlyMap<string, JsonObject>;

  /** `malformed`: what is wrong with a parameter that came, by its name; `objects`: those that came as JSON objects. */
  constructor(
    pairs: readonly [string, string][],
    malformed: ReadonlyMap<string, string> = new Map(),
    objects: ReadonlyMap<string, JsonObject> = new Map(),
  ) {
    const values = new Map<string, string>();
    const repeated = new Set<string>();
    for (const [name, value] of pairs) {
      if (values.has(name)) repeated.add(name);
      else values.set(name, value);
    }
    this.pairs = pairs;
    this.repeated = repeated;
    this.#values = values;
    this.#malformed = malformed;
    this.#objects = objects;
  }

  /**
   * RFC 6749 §3.1: "Parameters sent without a value MUST be treated as if they were omitted" (GL-11).
   * Throws InvalidRequest if the value came as something that is not text.
   */
  get(name: string): string | undefined {
    const problem = this.#malformed.get(name);
    if (problem !== undefined) {
      throw name === 'scope' ? new InvalidScope(problem) : new InvalidRequest(problem);
    }
    return this.#values.get(name) || undefined;
  }

  /** Of everything that came. */
  get names(): string[] {
    return [...this.#values.keys(), ...this.#malformed.keys()];
  }

  /** A JSON object; throws what `refuse` makes if the value came as anything else. */
  getObject(name: string, refuse: (problem: string) => Error): JsonObject | undefined {
    const object = this.#objects.get(name);
    const isOther = object === undefined && (this.#malformed.has(name) || this.#values.has(name));
    if (isOther) throw refuse(`Parameter '${reflected(name)}' must be an object`);
    return object;
  }

  /** Throws InvalidRequest "Missing required parameter: …" if absent (TK-8, AC-20). */
  getRequired(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw new InvalidRequest(`Missing required parameter: ${name}`);
    return value;
  }
}

/** GL-10. RFC 6749 §3.1: "Request and response parameters MUST NOT be included more than once." */
export function assertNothingRepeated(parameters: Parameters): void {
  const [name] = parameters.repeated;
  if (name !== undefined) {
    throw new InvalidRequest(`Parameter '${reflected(name)}' must not be repeated`);
  }
}

/** Space-delimited values without order (RFC 6749 §3.3); the same one twice counts once. */
export function parseSpaceDelimited(value: string | undefined): string[] {
  return value === undefined ? [] : [...new Set(value.split(' ').filter(Boolean))];
}

/**
 * application/x-www-form-urlencoded, in a query or a body. Throws InvalidRequest for a broken percent-encoding,
 * for octets that are not UTF-8 and for NUL.
 */
export function parseForm(encoded: string): Parameters {
  assertStorable(encoded);
  const pairs: [string, string][] = [];
  for (const pair of encoded.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    if (equals < 0) pairs.push([decoded(pair), '']);
    else pairs.push([decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))]);
  }
  return new Parameters(pairs);
}

function decoded(encoded: string): string {
  if (!encoded.includes('%') && !encoded.includes('+')) return encoded;
  let text: string;
  try {
    text = decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch (cause) {
    throw new InvalidRequest('The request has a parameter that is not percent-encoded UTF-8', { cause });
  }
  assertStorable(text);
  return text;
}

function assertStorable(text: string): void {
  if (isUnstorable(text))
    throw new InvalidRequest('The request has a parameter with a NUL or an ill-formed character');
}

/** A JSON object. Throws InvalidRequest if the text is anything else (TK-2). `scope` may be an array (TK-16). */
export function parseJson(text: string): Parameters {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What JSON.parse throws quotes the text, which may be a secret: it is no cause that may be logged.
    throw new InvalidRequest('The request body is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidRequest('The request body must be a JSON object');
  }
  const pairs: [string, string][] = [];
  const malformed = new Map<string, string>();
  const objects = new Map<string, JsonObject>();
  for (const [name, member] of Object.entries(value)) {
    if (member === null) continue;
    const parameter = name === 'scope' && isTextArray(member) ? member.join(' ') : member;
    if (typeof parameter !== 'string') malformed.set(name, wrongType(name));
    if (isObject(parameter)) objects.set(name, parameter);
    if (typeof parameter !== 'string') continue;
    if (isUnstorable(parameter))
      malformed.set(name, `Parameter '${reflected(name)}' has an ill-formed character`);
    else pairs.push([name, parameter]);
  }
  return new Parameters(pairs, malformed, objects);
}

/** Levels of a JSON member. */
const deepest = 10;

/** An object with nothing in it that cannot be stored, and not too deep to be looked through. */
function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isStorable(value, 0);
}

function isStorable(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return !isUnstorable(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === deepest) return false;
  return Object.entries(value).every(
    ([name, member]) => !isUnstorable(name) && isStorable(member, depth + 1),
  );
}

function wrongType(name: string): string {
  return name === 'scope'
    ? 'Scope must be an array or a string'
    : `Parameter '${reflected(name)}' must be a string`;
}

function isTextArray(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

/** What no text column takes as it stands. */
export function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}
