import { Radio, SimpleGrid, Stack, Switch } from '@mantine/core';
import type { ApiAnswer } from '../../api/request.ts';
import type { TenantSettings } from '../../api/types.ts';
import { DurationInput } from '../../parts/duration-input.tsx';
import { EditForm } from '../../parts/edit-form.tsx';
import { Section } from '../../parts/section.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';

const hour = 3600;
/** Seconds: a year. */
const longest = 8760 * hour;

export function SessionSettings({ stored }: { stored: ApiAnswer<TenantSettings> }) {
  const may = useAccess();
  const edit = useEdit(stored, { path: '/tenants/settings' });
  const { value, set, errorOf } = edit;
  return (
    <EditForm edit={edit} isReadOnly={!may('update:tenant_settings')}>
      <Section title="How long people stay logged in" text="At this tenant, for all of its applications.">
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <DurationInput
            label="Without doing anything"
            min={60}
            max={longest}
            value={Math.round((value.idle_session_lifetime ?? 72) * hour)}
            error={errorOf('idle_session_lifetime')}
            onChange={(seconds) => set({ idle_session_lifetime: seconds / hour })}
          />
          <DurationInput
            label="At most"
            min={60}
            max={longest}
            value={Math.round((value.session_lifetime ?? 168) * hour)}
            error={errorOf('session_lifetime')}
            onChange={(seconds) => set({ session_lifetime: seconds / hour })}
          />
        </SimpleGrid>
        <Radio.Group
          label="When the browser is closed"
          value={value.session_cookie?.mode ?? 'persistent'}
          onChange={(mode) => set({ session_cookie: { mode: mode as 'persistent' } })}
        >
          <Stack gap="xs" mt="xs">
            <Radio value="persistent" label="They stay logged in" />
            <Radio value="non-persistent" label="They are asked again" />
          </Stack>
        </Radio.Group>
      </Section>
      <Section title="Logging out">
        <Switch
          label="Ask before logging somebody out"
          description="Where an application cannot show that the person is its own (OpenID Connect’s end_session_endpoint)."
          checked={value.sessions?.oidc_logout_prompt_enabled ?? true}
          onChange={(event) => set({ sessions: { oidc_logout_prompt_enabled: event.currentTarget.checked } })}
        />
      </Section>
    </EditForm>
  );
}
