// /tenants/settings (contract §3.7): what Auth0 keeps there and our own beside it. Whoever serves requests sees a change
// at once, other processes within a second (storage/live-settings.ts).
import { z } from 'zod';
import { changedSettings, judgeNamesOf, toldSettings } from '../../configuration/tenant/settings.ts';
import { settingsEntrySchema } from '../../configuration/tenant/settings-entry.ts';
import { filled } from '../../model/members.ts';
import { type TenantSettings, tenantSettingsSchema } from '../../model/tenant.ts';
import { judged } from '../judgement.ts';
import type { ManagementStores } from '../ports.ts';
import { route } from '../route.ts';
import { withoutNull } from '../wire.ts';

const { shape } = settingsEntrySchema;
const errorPage = shape.error_page.unwrap().unwrap().shape;
const body = filled(
  settingsEntrySchema.extend({
    ...withoutNull(shape, [
      'allowed_logout_urls',
      'default_audience',
      'default_directory',
      'default_redirection_uri',
      'dynamic_client_registration_security_mode',
      'enabled_locales',
      'ephemeral_session_lifetime',
      'ephemeral_session_lifetime_in_minutes',
      'friendly_name',
      'idle_ephemeral_session_lifetime',
      'idle_ephemeral_session_lifetime_in_minutes',
      'idle_session_lifetime',
      'idle_session_lifetime_in_minutes',
      'oidc_logout',
      'picture_url',
      'resource_parameter_profile',
      'session_lifetime',
      'session_lifetime_in_minutes',
      'support_email',
      'support_url',
    ]),
    error_page: z.strictObject({ ...errorPage, ...withoutNull(errorPage, ['url']) }).nullish(),
  }),
);

/** Lifetimes are told in hours; texts of an earlier time may be none that are accepted now. */
const response = settingsEntrySchema
  .omit({
    session_lifetime_in_minutes: true,
    idle_session_lifetime_in_minutes: true,
    ephemeral_session_lifetime_in_minutes: true,
    idle_ephemeral_session_lifetime_in_minutes: true,
  })
  .extend({
    enabled_locales: z.array(z.string()).nullish(),
    picture_url: z.string().nullish(),
    support_email: z.string().nullish(),
    support_url: z.string().nullish(),
  });

const scopes = { read: ['read:tenant_settings'], update: ['update:tenant_settings'] } as const;

export const settingsRoutes = [
  route({
    method: 'GET',
    path: '/tenants/settings',
    summary: 'Get tenant settings',
    scopes: scopes.read,
    fields: true,
    status: 200,
    response,
    answer: async (_call, stores) => toldSettings(await storedSettings(stores)),
  }),
  route({
    method: 'PATCH',
    path: '/tenants/settings',
    summary: 'Update tenant settings',
    scopes: scopes.update,
    body,
    status: 200,
    response,
    async answer({ body }, stores) {
      const settings = await changeStored(stores, (stored) =>
        judged(async (findings) => {
          const changed = changedSettings(stored, body, [], findings);
          await judgeNamesOf(body, [], stores, findings);
          return changed;
        }),
      );
      return toldSettings(settings);
    },
  }),
];

export async function storedSettings({ tenant }: Pick<ManagementStores, 'tenant'>): Promise<TenantSettings> {
  return (await tenant.get()) ?? tenantSettingsSchema.parse({});
}

/** One after the other, in whichever process. Returns all that is stored then. */
export async function changeStored(
  stores: Pick<ManagementStores, 'tenant'>,
  change: (stored: TenantSettings) => Partial<TenantSettings> | Promise<Partial<TenantSettings>>,
): Promise<TenantSettings> {
  await stores.tenant.lock();
  const stored = await storedSettings(stores);
  const settings = { ...stored, ...(await change(stored)) };
  await stores.tenant.put(settings);
  return settings;
}
