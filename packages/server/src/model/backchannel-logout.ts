// OpenID Connect Back-Channel Logout (contract BC-1 to BC-3): what a client registers for it, and what is stored to be
// sent when a session ends.
import { z } from 'zod';

/** Why sessions end, in Auth0's words. */
const logoutInitiators = [
  'rp-logout',
  'idp-logout',
  'password-changed',
  'session-expired',
  'session-revoked',
  'account-deleted',
  'account-deactivated',
  'email-identifier-changed',
  'mfa-phone-unenrolled',
] as const;
export type LogoutInitiator = (typeof logoutInitiators)[number];

/** Those that a client hears of unless it says otherwise, and in any case. */
const usualInitiators: readonly LogoutInitiator[] = ['rp-logout', 'idp-logout'];

export const oidcLogoutSchema = z.strictObject({
  backchannel_logout_urls: z.array(z.string()).max(5),
  backchannel_logout_initiators: z
    .strictObject({
      /** Left out, it is `custom`. */
      mode: z.enum(['custom', 'all']).optional(),
      selected_initiators: z.array(z.enum(logoutInitiators)).optional(),
    })
    .optional(),
});
export type OidcLogout = z.infer<typeof oidcLogoutSchema>;

/** Where the client wants to hear that a session ended for this reason. */
export function backchannelUrls(oidc_logout: OidcLogout | null, initiator: LogoutInitiator): string[] {
  if (oidc_logout === null) return [];
  const { backchannel_logout_urls, backchannel_logout_initiators: wanted } = oidc_logout;
  const hears =
    usualInitiators.includes(initiator) ||
    wanted?.mode === 'all' ||
    wanted?.selected_initiators?.includes(initiator) === true;
  return hears ? backchannel_logout_urls : [];
}

export const backchannelLogout = 'backchannel-logout';

/** The content of a delivery of that kind: one client hears, at one address, of one session. */
export const logoutNoticeSchema = z.strictObject({
  client_id: z.string(),
  url: z.string(),
  sub: z.string(),
  sid: z.string(),
});
export type LogoutNotice = z.infer<typeof logoutNoticeSchema>;
