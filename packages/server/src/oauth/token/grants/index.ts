import { authorizationCodeGrant } from './authorization-code.ts';
import { clientCredentialsGrant } from './client-credentials.ts';
import { deviceCodeGrant } from './device-code.ts';
import type { Grant } from './grant.ts';
import { passwordGrant, passwordRealmGrant } from './password.ts';
import { passwordlessOtpGrant } from './passwordless-otp.ts';
import { refreshTokenGrant } from './refresh-token.ts';
import { tokenExchangeGrant } from './token-exchange.ts';

const all: Grant[] = [
  authorizationCodeGrant,
  refreshTokenGrant,
  clientCredentialsGrant,
  passwordGrant,
  passwordRealmGrant,
  passwordlessOtpGrant,
  deviceCodeGrant,
  tokenExchangeGrant,
];

/** Every grant type that the token endpoint answers; discovery lists exactly these (WK-10). */
export const grants: ReadonlyMap<string, Grant> = new Map(all.map((grant) => [grant.grant_type, grant]));
