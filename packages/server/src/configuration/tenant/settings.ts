// From what is said of a tenant to what it is, judged, and back. Of the file and of the Management API alike.
import { logoutUrlProblem } from '../../model/registered-url.ts';
import { type TenantSettings, tenantSettingsSchema } from '../../model/tenant.ts';
import { judgeList } from '../clients/urls.ts';
import type { Findings, Path } from '../findings.ts';
import type { ConfigurationStores } from '../ports.ts';
import { unusedOf, withUnused } from '../unused.ts';
import { toldOfEveryTenant } from './flags.ts';
import { type SettingsEntry, settingsEntrySchema } from './settings-entry.ts';

/** What has a place of its own beside the tenant's settings. */
const besides = {
  branding: true,
  brute_force_protection: true,
  prompts: true,
  suspicious_ip_throttling: true,
} as const;

const membersSchema = tenantSettingsSchema.omit(besides);
export type TenantMembers = Omit<TenantSettings, keyof typeof besides>;

/** All of the settings: what is not said has its default. */
export function resolveSettings(entry: SettingsEntry, path: Path, findings: Findings): TenantMembers {
  const settings = membersSchema.parse(
    set({
      ...entry,
      ...Object.fromEntries(lifetimes.map((name) => [name, lifetimeOf(entry, name)])),
      friendly_name: entry.friendly_name || null,
      // Nothing leads nowhere.
      error_page: entry.error_page?.url ? { url: entry.error_page.url } : null,
      default_redirection_uri: entry.default_redirection_uri || null,
      picture_url: entry.picture_url || null,
      support_email: entry.support_email || null,
      support_url: entry.support_url || null,
      unused: unusedSettings(entry),
    }),
  );
  judgeIdleLifetime(settings, isGiven(entry, 'idle_session_lifetime'), path, findings);
  judgeList(settings.allowed_logout_urls, logoutUrlProblem, [...path, 'allowed_logout_urls'], findings);
  settings.enabled_locales.forEach((locale, index) => {
    if (locale !== 'en') findings.warn([...path, 'enabled_locales', index], `${locale} is not supported yet`);
  });
  return settings;
}

/** What is not named in the body stays; of `flags` each for itself. */
export function changedSettings(
  stored: TenantMembers,
  body: SettingsEntry,
  path: Path,
  findings: Findings,
): TenantMembers {
  const before = settingsEntryOf(stored);
  const entry: SettingsEntry = { ...before, ...body, flags: { ...before.flags, ...body.flags } };
  if (!isGiven(body, 'idle_session_lifetime')) {
    const longest = lifetimeOf(entry, 'session_lifetime') ?? tenantSettingsSchema.parse({}).session_lifetime;
    entry.idle_session_lifetime = Math.min(stored.idle_session_lifetime, longest);
  }
  return resolveSettings(entry, path, findings);
}

/** As `resolveSettings` would take it. */
export function settingsEntryOf(stored: TenantMembers): SettingsEntry {
  const { unused, ...settings } = membersSchema.parse(stored);
  return withUnused(settings, unused) as SettingsEntry;
}

/** As the Management API tells it: what is not set is absent. */
export function toldSettings(settings: TenantMembers): SettingsEntry {
  const { default_audience, default_directory, ...told } = settingsEntryOf(settings);
  return set({
    ...told,
    default_audience: default_audience || undefined,
    default_directory: default_directory || undefined,
    flags: { ...toldOfEveryTenant, ...told.flags },
  });
}

/** What the settings name has to be there. */
export async function judgeNamesOf(
  { default_audience, default_directory }: Pick<SettingsEntry, 'default_audience' | 'default_directory'>,
  path: Path,
  { resourceServers, connections }: Pick<ConfigurationStores, 'resourceServers' | 'connections'>,
  findings: Findings,
): Promise<void> {
  if (default_audience && (await resourceServers.find(default_audience)) === undefined) {
    findings.problem([...path, 'default_audience'], 'names no resource server: add one with this identifier');
  }
  if (default_directory && (await connections.findByName(default_directory)) === undefined) {
    findings.problem([...path, 'default_directory'], 'names no connection: add one of this name');
  }
}

type Lifetime = (typeof lifetimes)[number] | (typeof ephemeralLifetimes)[number];
const lifetimes = ['session_lifetime', 'idle_session_lifetime'] as const;
const ephemeralLifetimes = ['ephemeral_session_lifetime', 'idle_ephemeral_session_lifetime'] as const;

/** In hours; minutes are the more exact word. */
function lifetimeOf(entry: SettingsEntry, name: Lifetime): number | undefined {
  const minutes = entry[`${name}_in_minutes`];
  return (minutes ? minutes / 60 : entry[name]) ?? undefined;
}

function isGiven(entry: SettingsEntry, name: Lifetime): boolean {
  return lifetimeOf(entry, name) !== undefined;
}

/** Lifetimes are kept in hours alone. */
function unusedSettings(entry: SettingsEntry): Record<string, unknown> {
  const unused = unusedOf(settingsEntrySchema, entry);
  for (const name of ephemeralLifetimes) {
    delete unused[`${name}_in_minutes`];
    if (isGiven(entry, name)) unused[name] = lifetimeOf(entry, name);
  }
  return unused;
}

function judgeIdleLifetime(settings: TenantMembers, isSaid: boolean, path: Path, findings: Findings): void {
  if (!isSaid) {
    settings.idle_session_lifetime = Math.min(settings.idle_session_lifetime, settings.session_lifetime);
  } else if (settings.idle_session_lifetime > settings.session_lifetime) {
    const longest = `session_lifetime (${settings.session_lifetime})`;
    findings.problem([...path, 'idle_session_lifetime'], `must not be longer than ${longest}`);
  }
}

function set<Value extends object>(value: Value): Value {
  const members = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(members) as Value;
}
