import { useRead } from '../../api/reading.ts';
import type { ApiAnswer } from '../../api/request.ts';
import type { TenantSettings } from '../../api/types.ts';
import { Detail, DetailSkeleton, type DetailTab } from '../../parts/detail.tsx';
import { Failed } from '../../parts/failed.tsx';
import { useAccess } from '../../session/access.tsx';
import { settings } from '../../settings.ts';
import { Administrators } from './administrators-tab.tsx';
import { AdvancedSettings } from './advanced-tab.tsx';
import { GeneralSettings } from './general-tab.tsx';
import { SigningKeys } from './keys-tab.tsx';
import { SessionSettings } from './sessions-tab.tsx';

export function SettingsScreen() {
  const { data, error, refetch } = useRead<TenantSettings>('/tenants/settings');
  if (error !== null && data === undefined) return <Failed error={error} retry={refetch} />;
  if (data === undefined) return <DetailSkeleton />;
  return <SettingsTabs stored={data} />;
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
