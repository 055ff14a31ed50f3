// What a person is asked to log in for: an authorization request, answered at its callback, or the activation of a
// device (RFC 8628 §3.3), whose answer waits for the device to ask.
import type { AuthorizationRequest } from './request.ts';
import type { Prompt } from './request-members.ts';

/** What login has to know of either. */
export interface RequestedLogin {
  client_id: string;
  /** What is granted of what was asked: AZ-8, AC-15. */
  scope: string[];
  audience: string | null;
  prompt: Prompt[];
  max_age: number | null;
  login_hint: string | null;
  screen_hint: string | null;
  /** The user that `id_token_hint` names. */
  hinted_user_id: string | null;
  ui_locales: string[];
  acr_values: string[];
  connection: string | null;
  /** `ext-*` */
  extensions: Record<string, string>;
  correlation_id: string | null;
}

export interface DeviceActivation extends RequestedLogin {
  /** SHA-256 of the device code. */
  device_code: string;
}

export type LoginRequest = AuthorizationRequest | DeviceActivation;

/** Where the browser is sent with the answer; a device has no callback. */
export function callbackOf(request: LoginRequest): string | undefined {
  return 'device_code' in request ? undefined : request.redirect_uri;
}
