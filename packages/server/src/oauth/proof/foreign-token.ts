// A token that another issuer has signed (RFC 7519), by rules that say whose and for whom it must be (RFC 8725). It is
// read by the keys of that issuer and by nothing that it names itself. Whom it means, and whether it came before, is the
// caller's.
import type { SubjectTokenRules } from '../../model/token-exchange-profile.ts';
import { isSignedByOneOf, type Jws, parseJws, type VerificationKey } from './jws.ts';
import { type KeySets, verificationKeyOf } from './key-sets.ts';

export interface ForeignTokenPorts {
  keySets: KeySets;
  /** Ours. */
  issuer: string;
  now: number;
}

/** `fault`: why it is not believed, for the administrator's eyes. */
export type JudgedToken =
  | { claims: Jws['claims']; exp: number }
  /** `isSenders`: false where nobody could have brought a better one. */
  | { fault: string; isSenders: boolean };

/** Bytes. */
const longestToken = 16 * 1024;
/** In seconds, for clocks that differ. */
const clockSkew = 10;

export async function judgeForeignToken(
  text: string,
  rules: SubjectTokenRules,
  ports: ForeignTokenPorts,
): Promise<JudgedToken> {
  const jws = Buffer.byteLength(text) > longestToken ? undefined : parseJws(text);
  if (jws === undefined) return faulty('it is no JWS, or too long');
  const fault =
    findKindFault(jws) ?? findPartyFault(jws.claims, rules, ports) ?? findTimeFault(jws.claims, ports.now);
  if (fault !== undefined) return faulty(fault);
  const alg = rules.algorithms.find((name) => name === jws.header.alg);
  if (alg === undefined) return faulty('its algorithm is none of the profile');
  const keys = await findKeys(rules, { kid: jws.header.kid, alg }, ports);
  if (keys.length === 0) return { fault: 'no key of the issuer is to be had', isSenders: false };
  if (!isSignedByOneOf(jws, keys, ports.now)) return faulty('it is signed by no key of the issuer');
  return { claims: jws.claims, exp: Number(jws.claims.exp) };
}

function faulty(fault: string): JudgedToken {
  return { fault, isSenders: true };
}

/** RFC 8725 §3.11, §3.12: what an issuer signs for another use is no token of a user. */
function findKindFault({ header: { typ }, claims }: Jws): string | undefined {
  const isTyped = typeof typ === 'string' && /^(?:application\/)?(?:at\+)?jwt$/i.test(typ);
  if (typ !== undefined && !isTyped) return 'its typ is another';
  // RFC 8417 §2: security events, logout tokens among them.
  if (claims.events !== undefined) return 'it is a security event token';
  // RFC 8693 §4.1: "the acting party to whom authority has been delegated". Nobody logs in as somebody else.
  if (claims.act !== undefined) return 'somebody else acts for its user';
  // RFC 7800 §3: whoever brings it has not proved to hold the key.
  if (claims.cnf !== undefined) return 'it is bound to a key';
  return undefined;
}

function findPartyFault(
  { iss, aud }: Jws['claims'],
  { issuer, audience }: SubjectTokenRules,
  ours: ForeignTokenPorts,
): string | undefined {
  // Tokens of ours are exchanged on behalf of their users, or not at all.
  if (iss === ours.issuer) return 'it is one of our own';
  if (iss !== issuer) return 'its iss is another';
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud];
  return audiences.includes(audience) ? undefined : 'its aud is another';
}

function findTimeFault({ exp, nbf, iat }: Jws['claims'], now: number): string | undefined {
  if (typeof exp !== 'number' || !Number.isSafeInteger(Math.ceil(exp))) return 'it has no exp';
  if (exp <= now) return 'it has expired';
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf > now + clockSkew)) return 'it is not valid yet';
  if (iat !== undefined && (typeof iat !== 'number' || iat > now + clockSkew))
    return 'its iat is in the future';
  return undefined;
}

async function findKeys(
  { jwks_uri, jwks }: SubjectTokenRules,
  wanted: { kid: unknown; alg: VerificationKey['alg'] },
  { keySets }: ForeignTokenPorts,
): Promise<VerificationKey[]> {
  if (jwks_uri !== undefined) return keySets.find(jwks_uri, wanted);
  return jwks?.keys.flatMap((jwk) => verificationKeyOf(jwk, wanted.alg) ?? []) ?? [];
}
