import { useRead } from '../../api/reading.ts';
import type { ApiAnswer } from '../../api/request.ts';
import type { TenantSettings } from '../../api/types.ts';
import { Detail, type DetailTab } from '../../parts/detail.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { useAccess } from '../../session/access.tsx';
import { settings } from '../../settings.ts';
import { Administrators } from './administrators-tab.tsx';
import { AdvancedSettings } from './advanced-tab.tsx';
import { GeneralSettings } from './general-tab.tsx';
import { SigningKeys } from './keys-tab.tsx';
import { SessionSettings } from './sessions-tab.tsx';

export function SettingsScreen() {
  const query = useRead<TenantSettings>('/tenants/settings');
  return <OnceRead query={query}>{(stored) => <SettingsTabs stored={stored} />}</OnceRead>;
}

function SettingsTabs({ stored }: { stored: ApiAnswer<TenantSettings> }) {
  const may = useAccess();
  const tabs: (DetailTab | false)[] = [
    { name: 'general', label: 'General', content: () => <GeneralSettings stored={stored} /> },
    { name: 'sessions', label: 'Sessions', content: () => <SessionSettings stored={stored} /> },
    { name: 'advanced', label: 'Advanced', content: () => <AdvancedSettings stored={stored} /> },
    may('read:signing_keys') && { name: 'keys', label: 'Signing keys', content: () => <SigningKeys /> },
    may('read:roles') &&
      may('read:role_members') && {
        name: 'administrators',
        label: 'Administrators',
        content: () => <Administrators />,
      },
  ];
  return (
    <Detail
      to="/settings"
      title="Settings"
      description={`Of the tenant at ${settings.issuer}`}
      tabs={tabs.filter((tab) => tab !== false)}
    />
  );
}
