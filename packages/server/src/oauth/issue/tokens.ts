// Minting: the only file that makes access tokens and ID tokens (contract ID-*, AT-*); own-access-token.ts reads the
// former back. Grants say what was authorized; nothing here decides who gets what.
import { isStrictThirdParty } from '../../model/client.ts';
import type { ResourceServer } from '../../model/resource-server.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import type { Clock } from '../../runtime/clock.ts';
import { sha256Half } from '../../runtime/cryptography/hash.ts';
import type { Random } from '../../runtime/random.ts';
import type { ResponseType } from '../authorize/response-type.ts';
import { dialectOf } from '../dialect.ts';
import type { Authorization, UserAuthorization } from './authorization.ts';
import { claimsOf } from './claims.ts';
import type { OpaqueTokens } from './opaque-token.ts';
import { type SigningPorts, signAccessToken, signIdToken, verifyIdToken } from './signing.ts';

/** AT-1: the lifetime of an opaque access token, in seconds; of one that comes without a code, by the browser alone. */
const opaqueTokenLifetime = 86_400;
const implicitOpaqueTokenLifetime = 7200;

export interface MintedTokens {
  access_token: string;
  id_token?: string;
  expires_in: number;
}

export interface TokenPorts extends SigningPorts {
  opaqueTokens: OpaqueTokens;
  clock: Clock;
  random: Random;
  issuer: string;
  settings: TenantSettings;
}

/** What the token endpoint answers. */
export async function mintTokens(authorization: Authorization, ports: TokenPorts): Promise<MintedTokens> {
  const { resourceServer, scope } = authorization;
  const lifetime = resourceServer?.token_lifetime ?? opaqueTokenLifetime;
  const expires_in = Math.min(lifetime, secondsUntilEnd(authorization, ports));
  const access_token = await mintAccessToken(authorization, expires_in, ports);
  if (authorization.subject_type === 'client' || !scope.includes('openid'))
    return { access_token, expires_in };
  // ID-18
  if (isStrictThirdParty(authorization.client)) return { access_token, expires_in };
  const id_token = await mintIdToken(authorization, { at_hash: sha256Half(access_token) }, ports);
  return { access_token, id_token, expires_in };
}

/** An exchanged token does not outlive the one that it was exchanged for. */
function secondsUntilEnd(authorization: Authorization, { clock }: TokenPorts): number {
  const ends_at = authorization.subject_type === 'user' ? authorization.ends_at : undefined;
  return ends_at === undefined ? Number.POSITIVE_INFINITY : ends_at - clock.now();
}

/** What the authorization endpoint answers beside the code (OpenID Connect Core §3.2.2.5, §3.3.2.5). */
export async function mintFrontChannelTokens(
  authorization: UserAuthorization,
  { response_type, code }: { response_type: ResponseType; code: string | undefined },
  ports: TokenPorts,
): Promise<Partial<MintedTokens>> {
  const minted: Partial<MintedTokens> = {};
  const hashes: IdTokenHashes = code === undefined ? {} : { c_hash: sha256Half(code) };
  if (response_type.includes('token')) {
    const opaqueLifetime = code === undefined ? implicitOpaqueTokenLifetime : opaqueTokenLifetime;
    // AT-9
    minted.expires_in = authorization.resourceServer?.token_lifetime_for_web ?? opaqueLifetime;
    minted.access_token = await mintAccessToken(authorization, minted.expires_in, ports);
    hashes.at_hash = sha256Half(minted.access_token);
  }
  if (response_type.includes('id_token')) minted.id_token = await mintIdToken(authorization, hashes, ports);
  return minted;
}

/** `lifetime`: seconds. */
async function mintAccessToken(
  authorization: Authorization,
  lifetime: number,
  ports: TokenPorts,
): Promise<string> {
  if (authorization.subject_type === 'client') {
    return mintJwtAccessToken(authorization, authorization.resourceServer, lifetime, ports);
  }
  const { resourceServer } = authorization;
  return resourceServer === undefined
    ? mintOpaqueToken(authorization, lifetime, ports)
    : mintJwtAccessToken(authorization, resourceServer, lifetime, ports);
}

function mintOpaqueToken(
  { user, client, scope, aid, epoch, sid, cnf }: UserAuthorization,
  lifetime: number,
  ports: TokenPorts,
): string {
  const iat = ports.clock.now();
  return ports.opaqueTokens.seal({
    iss: ports.issuer,
    aud: userinfoAudience(ports.issuer),
    sub: user.user_id,
    client_id: client.client_id,
    scope: scope.join(' '),
    aid,
    ep: epoch,
    sid,
    iat,
    exp: iat + lifetime,
    ...(cnf && { cnf }),
  });
}

function mintJwtAccessToken(
  authorization: Authorization,
  resourceServer: ResourceServer,
  lifetime: number,
  ports: TokenPorts,
): Promise<string> {
  const { client, scope, permissions, gty, cnf, jti } = authorization;
  const iat = ports.clock.now();
  const claims = {
    iss: ports.issuer,
    ...subjectOf(authorization, resourceServer, ports),
    iat,
    exp: iat + lifetime,
    jti,
    scope: scope.join(' '),
    ...(permissions === undefined ? {} : { permissions }),
    ...authTimeOf(authorization, resourceServer),
    // RFC 9449 §6.1
    ...(cnf && { cnf }),
  };
  return isRfc9068(resourceServer)
    ? signAccessToken({ ...claims, client_id: client.client_id }, 'at+jwt', resourceServer, ports)
    : signAccessToken(
        { ...claims, ...(gty && { gty }), azp: client.client_id },
        'JWT',
        resourceServer,
        ports,
      );
}

function subjectOf(
  authorization: Authorization,
  { identifier, signing_alg }: ResourceServer,
  ports: TokenPorts,
) {
  if (authorization.subject_type === 'client') {
    return { sub: `${authorization.client.client_id}@clients`, aud: identifier };
  }
  const { user, scope } = authorization;
  return {
    sub: user.user_id,
    ...(authorization.act && { act: authorization.act }),
    // AT-3: /userinfo is a second audience where `openid` was granted. AT-4: not of a token that the API could forge.
    aud:
      scope.includes('openid') && signing_alg !== 'HS256'
        ? [identifier, userinfoAudience(ports.issuer)]
        : identifier,
  };
}

/**
 * RFC 9068 §2.2.1, RFC 9470 §6.1: by `auth_time` an API tells whether the login is recent enough for what is asked. No
 * API but the server's own gets it: Auth0's tokens have no such claim.
 */
function authTimeOf(authorization: Authorization, { is_system }: ResourceServer): { auth_time?: number } {
  if (!is_system || authorization.subject_type === 'client') return {};
  const { authenticated_at } = authorization;
  return authenticated_at === undefined ? {} : { auth_time: authenticated_at };
}

function isRfc9068({ token_dialect }: ResourceServer): boolean {
  return token_dialect === 'rfc9068_profile' || token_dialect === 'rfc9068_profile_authz';
}

/**
 * What is issued beside the ID token. OpenID Connect Core §3.1.3.6, §3.3.2.11: "the base64url encoding of the left-most
 * half of the hash"
 */
type IdTokenHashes = { at_hash?: string; c_hash?: string };

function mintIdToken(
  { client, user, identities, scope, sid, nonce, auth_time, acr }: UserAuthorization,
  hashes: IdTokenHashes,
  ports: TokenPorts,
): Promise<string> {
  const { lifetime_in_seconds } = client.jwt_configuration;
  const iat = ports.clock.now();
  const claims = {
    ...claimsOf(user, scope, dialectOf(ports.settings), identities),
    iss: ports.issuer,
    aud: client.client_id,
    sub: user.user_id,
    iat,
    exp: iat + lifetime_in_seconds,
    ...(sid === undefined ? {} : { sid }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(auth_time === undefined ? {} : { auth_time }),
    ...(acr === undefined ? {} : { acr }),
    ...hashes,
  };
  return signIdToken(claims, client, ports);
}

export function userinfoAudience(issuer: string): string {
  return `${issuer}userinfo`;
}

/** What an `id_token_hint` tells. */
export interface IdTokenHint {
  sub: string;
  aud: string;
  sid: string | undefined;
}

/**
 * AT-16: the ID token of ours that the hint is, iff it is genuine; undefined for everything else. LO-12: it may have
 * expired.
 */
export async function readIdTokenHint(
  token: string,
  ports: SigningPorts & Pick<TokenPorts, 'issuer'>,
): Promise<IdTokenHint | undefined> {
  const jws = await verifyIdToken(token, ports);
  if (jws === undefined) return undefined;
  const { iss, sub, aud, sid, scope, events, jti } = jws.claims;
  const isIdToken = iss === ports.issuer && scope === undefined && events === undefined && jti === undefined;
  if (!isIdToken || typeof sub !== 'string' || typeof aud !== 'string') return undefined;
  return { sub, aud, sid: typeof sid === 'string' ? sid : undefined };
}
