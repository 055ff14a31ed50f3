// Parsing what a request carries, and refusing it in the words that Auth0's API uses and people's tools parse (§3.1).
import { z } from 'zod';
import { ManagementError } from './errors.ts';
import { innerOf, isSecretAt, redacted } from './redaction.ts';

interface Place {
  name: 'Payload' | 'Query' | 'Path';
  errorCode: string;
}

export const payload: Place = { name: 'Payload', errorCode: 'invalid_body' };
export const query: Place = { name: 'Query', errorCode: 'invalid_query_string' };
export const path: Place = { name: 'Path', errorCode: 'invalid_uri' };

type Steps = readonly PropertyKey[];

/** Throws ManagementError 400. */
export function parsed<Value>(schema: z.ZodType<Value>, sent: unknown, place: Place): Value {
  refuseUnstorableText(sent, schema, place);
  const result = schema.safeParse(sent);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue === undefined) throw new Error('A schema refused a value and does not say why');
  throw refusalOf(innermost(issue), sent, schema, place);
}

export function invalidQuery(reason: string, name: string): ManagementError {
  return invalid(query, reason, [name], undefined);
}

/** What the members say together, judged by whoever knows; `at` in the body. */
export function invalidBody(reason: string, at: Steps = [], schema?: z.ZodType): ManagementError {
  return invalid(payload, reason, at, schema);
}

function invalid(place: Place, reason: string, at: Steps, schema: z.ZodType | undefined): ManagementError {
  const description = schema === undefined ? undefined : schemaAt(schema, at)?.meta()?.description;
  const described = description === undefined ? '' : ` (${description.replace(/\.$/, '')})`;
  const on = at.length === 0 ? '' : ` on property ${inWords(at)}${described}`;
  return new ManagementError(400, `${place.name} validation error: '${reason}'${on}.`, place.errorCode);
}

/** Of a union, the issue of the branch that came furthest says what is wrong. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const branches = issue.errors.flatMap((issues) => issues.slice(0, 1)).map(innermost);
  const deepest = branches.toSorted((a, b) => b.path.length - a.path.length)[0];
  if (deepest === undefined || deepest.path.length === 0) return issue;
  return { ...deepest, path: [...issue.path, ...deepest.path] };
}

function refusalOf(issue: z.core.$ZodIssue, sent: unknown, schema: z.ZodType, place: Place): ManagementError {
  const found = valueAt(sent, issue.path);
  if (issue.code === 'unrecognized_keys')
    return invalid(place, `Additional properties not allowed: ${issue.keys.join(',')}`, issue.path, schema);
  if (found === undefined && issue.code !== 'custom') {
    const missing = String(issue.path.at(-1) ?? 'body');
    return invalid(place, `Missing required property: ${missing}`, issue.path.slice(0, -1), schema);
  }
  const reason = reasonOf(issue, found, schema);
  // A refusal stands in the log too.
  const told = isSecretAt(schema, issue.path) ? withoutValue(reason, found) : reason;
  return invalid(place, told, issue.path, schema);
}

function reasonOf(issue: z.core.$ZodIssue, found: unknown, schema: z.ZodType): string {
  switch (issue.code) {
    case 'invalid_type':
      return `Expected type ${typeName(issue, schema)} but found type ${typeOf(found)}`;
    case 'invalid_value':
      return `No enum match for: ${shown(found)}`;
    case 'invalid_format':
      return issue.format === 'regex'
        ? patternReason(issue, found)
        : `Object didn't pass validation for format ${issue.format}: ${shown(found)}`;
    case 'too_small':
      return tooSmall(issue, found);
    case 'too_big':
      return tooBig(issue, found);
    case 'invalid_union':
      return "Data does not match any schemas from 'anyOf'";
    default:
      return issue.message;
  }
}

function withoutValue(reason: string, found: unknown): string {
  const at = typeof found === 'string' && found !== '' ? reason.indexOf(found.slice(0, mostShown)) : -1;
  return at < 0 ? reason : `${reason.slice(0, at)}${redacted}`;
}

/** A schema may say in its own words what its pattern asks for. */
function patternReason(issue: z.core.$ZodIssueInvalidStringFormat, found: unknown): string {
  if (!issue.message.startsWith('Invalid string')) return issue.message;
  return `String does not match pattern ${String(issue.pattern).replace(/^\/|\/\w*$/g, '')}: ${shown(found)}`;
}

function tooSmall({ origin, minimum }: z.core.$ZodIssueTooSmall, found: unknown): string {
  if (origin === 'string') return `String is too short (${lengthOf(found)} chars), minimum ${minimum}`;
  if (origin === 'array') return `Array is too short (${lengthOf(found)}), minimum ${minimum}`;
  if (origin === 'object') return `Too few properties defined (${membersOf(found)}), minimum ${minimum}`;
  return `Value ${shown(found)} is less than minimum ${minimum}`;
}

function tooBig({ origin, maximum }: z.core.$ZodIssueTooBig, found: unknown): string {
  if (origin === 'string') return `String is too long (${lengthOf(found)} chars), maximum ${maximum}`;
  if (origin === 'array') return `Array is too long (${lengthOf(found)}), maximum ${maximum}`;
  if (origin === 'object') return `Too many properties defined (${membersOf(found)}), maximum ${maximum}`;
  return `Value ${shown(found)} is greater than maximum ${maximum}`;
}

function lengthOf(found: unknown): number {
  return typeof found === 'string' || Array.isArray(found) ? found.length : 0;
}

function membersOf(found: unknown): number {
  return typeof found === 'object' && found !== null ? Object.keys(found).length : 0;
}

function typeName({ expected, path }: z.core.$ZodIssueInvalidType, schema: z.ZodType): string {
  if (expected === 'record') return 'object';
  const isInteger = schemaAt(schema, path, true) instanceof z.ZodNumberFormat;
  return expected === 'int' || isInteger ? 'integer' : expected;
}

function typeOf(found: unknown): string {
  if (found === null) return 'null';
  if (Array.isArray(found)) return 'array';
  return Number.isInteger(found) ? 'integer' : typeof found;
}

/** Characters of what was sent that come back: enough to recognise it. */
const mostShown = 100;

/** Of what has members, one may be a secret. */
function shown(found: unknown): string {
  if (typeof found === 'object' && found !== null) return typeOf(found);
  const text = String(found);
  return text.length > mostShown ? `${text.slice(0, mostShown).toWellFormed()}…` : text;
}

export function valueAt(value: unknown, steps: Steps): unknown {
  return steps.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? Reflect.get(at, step) : undefined),
    value,
  );
}

/** What the schema says of this place; `bare`: without what wraps it there. */
function schemaAt(schema: z.ZodType, [step, ...rest]: Steps, bare = false): z.ZodType | undefined {
  const inner = innerOf(schema);
  if (step === undefined) {
    const wraps = inner !== undefined && (bare || schema.meta()?.description === undefined);
    return wraps ? schemaAt(inner, [], bare) : schema;
  }
  if (inner !== undefined) return schemaAt(inner, [step, ...rest], bare);
  if (schema instanceof z.ZodArray) return schemaAt(schema.element as z.ZodType, rest, bare);
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, step)) return undefined;
  return schemaAt(schema.shape[String(step)] as z.ZodType, rest, bare);
}

export function inWords(steps: Steps): string {
  return steps.reduce<string>((words, step) => {
    if (typeof step === 'number') return `${words}[${step}]`;
    return words === '' ? String(step) : `${words}.${String(step)}`;
  }, '');
}

/** Deeper than anything that somebody means. */
const deepest = 50;

/** To be asked of a body before anything else is made of it: its log entry would be too deep to write, too. */
export function depthProblem(sent: unknown): ManagementError | undefined {
  return isDeeper(sent, deepest) ? tooDeep(payload) : undefined;
}

function isDeeper(sent: unknown, levels: number): boolean {
  if (levels < 0) return true;
  if (typeof sent !== 'object' || sent === null) return false;
  return Object.values(sent).some((member) => isDeeper(member, levels - 1));
}

function tooDeep(place: Place): ManagementError {
  return invalid(place, `Nested deeper than ${deepest} levels`, [], undefined);
}

/** Looks at every key and value: what no database stores as it is was not meant. */
function refuseUnstorableText(sent: unknown, schema: z.ZodType, place: Place, at: Steps = []): void {
  if (at.length > deepest) throw tooDeep(place);
  if (typeof sent === 'string' && !isStorable(sent))
    throw invalid(place, 'Text must be well-formed Unicode without NUL', at, schema);
  if (typeof sent !== 'object' || sent === null) return;
  for (const [key, member] of Object.entries(sent)) {
    if (!isStorable(key)) throw invalid(place, 'Text must be well-formed Unicode without NUL', at, schema);
    refuseUnstorableText(member, schema, place, [...at, Array.isArray(sent) ? Number(key) : key]);
  }
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
