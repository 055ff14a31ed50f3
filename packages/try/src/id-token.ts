import { type Content, definitions, element, longValue, subheading } from './dom.ts';
import { claimWords } from './words.ts';

type Json = Record<string, unknown>;

export interface Expected {
  issuer: string;
  client_id: string;
  nonce: string;
}

/** The ID token taken apart, with the checks it passed; `failed` names the claim that it failed on. */
export function describeIdToken(
  idToken: string,
  expected: Expected,
  failed?: { claim: string | undefined },
): Content[] {
  const [header = '', claims = '', signature = ''] = idToken.split('.');
  const decodedHeader = decode(header);
  const decodedClaims = decode(claims);
  return [
    element(
      'p',
      { class: 'jwt' },
      element('span', { class: 'jwt-header' }, header),
      '.',
      element('span', { class: 'jwt-claims' }, claims),
      '.',
      element('span', { class: 'jwt-signature' }, signature),
    ),
    subheading('Header'),
    definitions(rowsOf(decodedHeader)),
    subheading('Claims'),
    definitions(rowsOf(decodedClaims)),
    subheading('Checks'),
    checkList(decodedHeader, decodedClaims, expected, failed),
  ];
}

interface Check {
  claim: string;
  requirement: string;
  found: string;
}

function checksOf(header: Json, claims: Json, { issuer, client_id, nonce }: Expected): Check[] {
  const checks = [
    {
      claim: 'signature',
      requirement: 'The signature is right under a key of the server’s JWKS',
      found: `${header.alg}, key ${header.kid}`,
    },
    { claim: 'iss', requirement: `iss is the issuer we asked: ${issuer}`, found: text(claims.iss) },
    { claim: 'aud', requirement: `aud names this application: ${client_id}`, found: text(claims.aud) },
    {
      claim: 'azp',
      requirement: 'azp, if present, is this application',
      found: text(claims.azp ?? 'absent'),
    },
    { claim: 'exp', requirement: 'exp has not passed', found: text(claims.exp, 'exp') },
    { claim: 'iat', requirement: 'iat says when it was issued', found: text(claims.iat, 'iat') },
    { claim: 'nonce', requirement: `nonce is that of step 3: ${nonce}`, found: text(claims.nonce) },
  ];
  return checks;
}

function checkList(header: Json, claims: Json, expected: Expected, failed?: { claim: string | undefined }) {
  const failedCheck = failed && (failed.claim ?? 'signature');
  return element(
    'ul',
    { class: 'checks' },
    ...checksOf(header, claims, expected).map(({ claim, requirement, found }) => {
      const outcome = failed === undefined ? 'passed' : claim === failedCheck ? 'failed' : 'unknown';
      return element(
        'li',
        { 'data-outcome': outcome },
        element('span', { class: 'outcome' }, outcomeWords[outcome]),
        element('span', {}, requirement),
        element('span', { class: 'found' }, longValue(found)),
      );
    }),
  );
}

const outcomeWords = { passed: 'Passed', failed: 'Failed', unknown: 'Not relied on' };

function rowsOf(values: Json): [string, string, string][] {
  return Object.entries(values).map(([name, value]) => [name, text(value, name), claimWords[name] ?? '']);
}

const pointsInTime = new Set(['exp', 'iat', 'nbf', 'auth_time']);
const clockFace = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

function text(value: unknown, name = ''): string {
  if (typeof value === 'number' && pointsInTime.has(name))
    return `${value} (${clockFace.format(value * 1000)})`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function decode(part: string): Json {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
      character.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}
