// The columns of pushed requests, codes and refresh tokens: what comes and goes with every authorization.
import type { DeviceCode } from '../../oauth/device-codes.ts';
import type { AuthorizationCode } from '../../oauth/ports.ts';
import type { PushedRequest } from '../../oauth/pushed-requests.ts';
import type { RefreshToken, RefreshTokenFamily } from '../../oauth/token/ports.ts';
import { Codec } from './codec.ts';

export const pushedRequestCodec = new Codec<PushedRequest>({
  hash: 'text',
  client_id: 'text',
  parameters: 'json',
  browser: 'text',
  expires_at: 'integer',
  spent_at: 'integer',
});

export const authorizationCodeCodec = new Codec<AuthorizationCode>({
  hash: 'text',
  aid: 'text',
  client_id: 'text',
  redirect_uri: 'text',
  redirect_uri_sent: 'text',
  code_challenge: 'text',
  nonce: 'text',
  scope: 'json',
  audience: 'text',
  organization: 'text',
  user_id: 'text',
  epoch: 'integer',
  sid: 'text',
  auth_time: 'integer',
  auth_time_requested: 'flag',
  acr: 'text',
  dpop_jkt: 'text',
  issuer: 'text',
  created_at: 'integer',
  expires_at: 'integer',
  redeemed_at: 'integer',
});

export const refreshTokenFamilyCodec = new Codec<RefreshTokenFamily>({
  aid: 'text',
  client_id: 'text',
  user_id: 'text',
  epoch: 'integer',
  sid: 'text',
  jkt: 'text',
  scope: 'json',
  audience: 'text',
  auth_time: 'integer',
  created_at: 'integer',
  absolute_at: 'integer',
  idle_at: 'integer',
  online: 'flag',
  revoked_at: 'integer',
  revocation_reason: 'text',
  current_token: 'text',
  counter: 'integer',
  rotating: 'flag',
  spent_token: 'text',
  spent_at: 'integer',
  box: 'text',
  box_ends_at: 'integer',
});

export const refreshTokenCodec = new Codec<RefreshToken>({
  hash: 'text',
  aid: 'text',
  n: 'integer',
  issued_at: 'integer',
});

export const deviceCodeCodec = new Codec<DeviceCode>({
  hash: 'text',
  user_code: 'text',
  aid: 'text',
  client_id: 'text',
  scope: 'json',
  audience: 'text',
  interval: 'integer',
  polled_at: 'integer',
  created_at: 'integer',
  expires_at: 'integer',
  denied_at: 'integer',
  approved_at: 'integer',
  user_id: 'text',
  epoch: 'integer',
  sid: 'text',
  ended_at: 'integer',
});
