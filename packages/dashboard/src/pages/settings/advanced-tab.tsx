import { NumberInput, Radio, SimpleGrid, Stack, Switch } from '@mantine/core';
import type { ApiAnswer } from '../../api/request.ts';
import type { TenantSettings } from '../../api/types.ts';
import { DurationInput } from '../../parts/duration-input.tsx';
import { EditForm } from '../../parts/edit-form.tsx';
import { Section } from '../../parts/section.tsx';
import { type Edit, useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';

export function AdvancedSettings({ stored }: { stored: ApiAnswer<TenantSettings> }) {
  const may = useAccess();
  const edit = useEdit(stored, { path: '/tenants/settings' });
  return (
    <EditForm edit={edit} isReadOnly={!may('update:tenant_settings')}>
      <Dialect edit={edit} />
      <Flags edit={edit} />
      <Lifetimes edit={edit} />
    </EditForm>
  );
}

type PartProps = { edit: Edit<TenantSettings> };

function Dialect({ edit: { value, set } }: PartProps) {
  return (
    <Section title="Dialect" text="Where Auth0 and the specifications differ.">
      <Radio.Group
        aria-label="Dialect"
        value={value.dialect ?? 'auth0'}
        onChange={(dialect) => set({ dialect: dialect as 'auth0' })}
      >
        <Stack gap="sm">
          <Radio
            value="auth0"
            label="As Auth0"
            description="For its SDKs, and for applications that move here from it."
          />
          <Radio
            value="oidc"
            label="As the specifications"
            description="For libraries that take them by the letter."
          />
        </Stack>
      </Radio.Group>
    </Section>
  );
}

const flags = [
  {
    name: 'enable_dynamic_client_registration',
    label: 'Applications may register themselves',
    text: 'Whoever asks gets a client of a third party (RFC 7591).',
  },
  {
    name: 'enable_public_signup_user_exists_error',
    label: 'Say at a sign-up that an address is taken',
    text: 'Convenient, and tells strangers who has an account.',
  },
  {
    name: 'revoke_refresh_token_grant',
    label: 'Revoking one refresh token revokes all of the application',
    text: 'Of the same person, and their consent with them.',
  },
  {
    name: 'use_scope_descriptions_for_consent',
    label: 'Show the descriptions of permissions when asking for consent',
    text: 'Instead of their names.',
  },
  {
    name: 'require_pushed_authorization_requests',
    label: 'Every application pushes its requests first',
    text: 'RFC 9126. Logins by plain links stop working.',
  },
] as const;

function Flags({ edit: { value, set } }: PartProps) {
  return (
    <Section title="What is allowed">
      {flags.map(({ name, label, text }) => (
        <Switch
          key={name}
          label={label}
          description={text}
          checked={value.flags?.[name] ?? false}
          onChange={(event) => set({ flags: { ...value.flags, [name]: event.currentTarget.checked } })}
        />
      ))}
    </Section>
  );
}

function Lifetimes({ edit: { value, set, errorOf } }: PartProps) {
  return (
    <Section title="How long things are kept">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <DurationInput
          label="Authorization codes"
          max={600}
          value={value.authorization_code_lifetime ?? 60}
          error={errorOf('authorization_code_lifetime')}
          onChange={(authorization_code_lifetime) => set({ authorization_code_lifetime })}
        />
        <NumberInput
          label="Log entries, in days"
          min={1}
          max={3650}
          maw={320}
          allowDecimal={false}
          value={value.log_retention_days ?? 30}
          error={errorOf('log_retention_days')}
          onChange={(days) => set({ log_retention_days: Number(days) })}
        />
      </SimpleGrid>
    </Section>
  );
}
