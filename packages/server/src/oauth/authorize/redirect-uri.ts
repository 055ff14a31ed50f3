// Which callback an authorization request may be answered to: contract CB-*, DIS-17. The comparison is of strings,
// never of parsed URLs, so that no two parsers can disagree about where an answer goes.
import type { Client } from '../../model/client.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import { isLoopbackUrl } from '../../runtime/settings/issuer.ts';

/** AZ-6: "Everything after # in redirect_uri is stripped". */
export function withoutFragment(redirect_uri: string): string {
  const hash = redirect_uri.indexOf('#');
  return hash < 0 ? redirect_uri : redirect_uri.slice(0, hash);
}

/** Whether `redirect_uri` (without fragment) is one of the client's Allowed Callback URLs. */
export function isAllowedCallback(client: Client, redirect_uri: string): boolean {
  return client.callbacks.some((registered) => matchesCallback(client, registered, redirect_uri));
}

/** AZ-56: the client's only callback, if it has exactly one and that one is a plain URL. */
export function onlyCallback(client: Client): string | undefined {
  const [callback] = client.callbacks;
  return client.callbacks.length === 1 && callback !== undefined && !isPattern(callback)
    ? callback
    : undefined;
}

function matchesCallback(client: Client, registered: string, redirect_uri: string): boolean {
  if (!isPattern(registered)) {
    // RFC 9700 §2.1: "authorization servers MUST utilize exact string matching"
    return (
      registered === redirect_uri ||
      (client.app_type === 'native' && matchesLoopback(registered, redirect_uri))
    );
  }
  // CB-8: third-party clients have exact URLs only.
  return client.is_first_party && matchesSubdomainWildcard(registered, redirect_uri);
}

/** An entry with `*` or `{…}` is a pattern, never itself an address to go to. */
export function isPattern(registered: string): boolean {
  return /[*{}]/.test(registered);
}

// CB-4: http or https, one `*` in the left-most label of the host.
const wildcard = /^(https?:\/\/[^/?#@:.*{}]*)\*([^/?#@:.*{}]*\.[^/?#@:*{}]+\.[^/?#@*{}]+(?:[/?][^#*{}]*)?)$/;

/** CB-4: the wildcard stands for exactly one label's characters, without a dot. */
export function matchesSubdomainWildcard(registered: string, url: string): boolean {
  const parts = wildcard.exec(registered);
  if (parts?.[1] === undefined || parts[2] === undefined) return false;
  const [, prefix, suffix] = parts;
  if (url.length <= prefix.length + suffix.length || !url.startsWith(prefix) || !url.endsWith(suffix))
    return false;
  return /^[A-Za-z0-9-]{1,63}$/.test(url.slice(prefix.length, url.length - suffix.length));
}

const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?((?:[/?].*)?)$/;

/** RFC 8252 §7.3: "The authorization server MUST allow any port to be specified at the time of the request" */
function matchesLoopback(registered: string, redirect_uri: string): boolean {
  const expected = loopback.exec(registered);
  const sent = loopback.exec(redirect_uri);
  if (expected === null || sent === null || expected[1] !== sent[1] || expected[2] !== sent[2]) return false;
  // A port beyond 65535 is none.
  return URL.canParse(redirect_uri);
}

/** CB-13: the client's setting, then the tenant's; DIS-20: skipped by default only while the issuer is loopback. */
export function mustBeConfirmed(
  redirect_uri: string,
  client: Client,
  settings: TenantSettings,
  issuer: string,
): boolean {
  if (isVerifiableCallback(redirect_uri)) return false;
  const isSkipped =
    client.skip_non_verifiable_callback_uri_confirmation_prompt ??
    settings.skip_non_verifiable_callback_uri_confirmation_prompt ??
    isLoopbackUrl(issuer);
  return !isSkipped;
}

/** CB-13: custom schemes and loopback addresses cannot be proved to belong to the client. */
export function isVerifiableCallback(redirect_uri: string): boolean {
  return /^https?:\/\//.test(redirect_uri) && !isLoopbackUrl(redirect_uri);
}
