import { NumberInput, SimpleGrid, Slider, Stack, Switch, Text, TextInput } from '@mantine/core';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { Connection } from '../../api/types.ts';
import { Deletion } from '../../parts/deletion.tsx';
import { EditForm } from '../../parts/edit-form.tsx';
import { JsonEditor } from '../../parts/json-editor.tsx';
import { Section } from '../../parts/section.tsx';
import { type Edit, useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';

type Options = Record<string, unknown>;

export function ConnectionSettings({ stored }: { stored: ApiAnswer<Connection> }) {
  const may = useAccess();
  const { id, name, strategy } = stored.value;
  const at = path`/connections/${id}`;
  const edit = useEdit<Connection>(stored, { path: at, stale: ['/connections'] });
  return (
    <>
      <EditForm edit={edit} isReadOnly={!may('update:connections')}>
        <Section title="Settings">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label="Display name"
              description="On the button that chooses it"
              maxLength={128}
              value={edit.value.display_name ?? ''}
              error={edit.errorOf('display_name')}
              onChange={(event) => edit.set({ display_name: event.currentTarget.value })}
            />
            <TextInput
              label="Name"
              description="Cannot be changed"
              value={name}
              readOnly
              classNames={{ input: 'mono' }}
            />
          </SimpleGrid>
          <Switch
            label="For third-party applications too"
            description="Those that register themselves may use it"
            checked={edit.value.is_domain_connection ?? false}
            onChange={(event) => edit.set({ is_domain_connection: event.currentTarget.checked })}
          />
        </Section>
        <OptionsOf edit={edit} strategy={strategy} />
      </EditForm>
      {may('delete:connections') && (
        <Deletion
          title="Delete this connection"
          text="With all users of it. They can no longer log in."
          action="Delete the connection"
          name={name}
          path={at}
          stale={['/connections', '/users', '/clients']}
          done="The connection is being deleted"
          to="/connections"
        />
      )}
    </>
  );
}

/** The API replaces options whole, so that all of them are sent. */
function OptionsOf({ edit, strategy }: { edit: Edit<Connection>; strategy: string }) {
  const options: Options = edit.value.options ?? {};
  const set = (change: Options) => edit.set({ options: { ...options, ...change } });
  if (strategy === 'auth0') return <DatabaseOptions edit={edit} options={options} set={set} />;
  if (strategy === 'email' || strategy === 'sms') return <CodeOptions options={options} set={set} />;
  return (
    <Section title="Options" text="As another identity provider needs them. Nobody logs in by it yet.">
      <JsonEditor
        label="options"
        value={options}
        onChange={(value) => edit.set({ options: value as Options })}
        error={edit.errorOf('options')}
      />
    </Section>
  );
}

interface OptionsProps {
  options: Options;
  set: (change: Options) => void;
}

const policies = [
  { value: 'none', label: 'None', text: 'One character is enough' },
  { value: 'low', label: 'Low', text: 'At least 6 characters' },
  { value: 'fair', label: 'Fair', text: 'At least 8 characters: small and capital letters, and digits' },
  { value: 'good', label: 'Good', text: 'At least 8 characters of three kinds' },
  {
    value: 'excellent',
    label: 'Excellent',
    text: 'At least 10 characters of three kinds, and none more than twice in a row',
  },
] as const;

const strength = 'How strong they have to be';

function DatabaseOptions({ edit, options, set }: OptionsProps & { edit: Edit<Connection> }) {
  const index = Math.max(
    0,
    policies.findIndex(({ value }) => value === (options.passwordPolicy ?? 'good')),
  );
  return (
    <>
      <Section title="Passwords" text={policies[index]?.text}>
        <Stack gap={4} pb="lg" px="md">
          <Text size="sm" fw={600} mx="-md" aria-hidden="true">
            {strength}
          </Text>
          <Slider
            min={0}
            max={policies.length - 1}
            step={1}
            value={index}
            label={null}
            thumbLabel={strength}
            thumbValueText={(value) => policies[value]?.label ?? ''}
            marks={policies.map(({ label }, value) => ({ value, label }))}
            onChange={(value) => set({ passwordPolicy: policies[value]?.value })}
          />
        </Stack>
        <Switch
          label="Block after too many wrong passwords"
          checked={options.brute_force_protection !== false}
          onChange={(event) => set({ brute_force_protection: event.currentTarget.checked })}
        />
      </Section>
      <Section title="Signing up">
        <Switch
          label="Anybody may sign up"
          checked={options.disable_signup !== true}
          onChange={(event) => set({ disable_signup: !event.currentTarget.checked })}
        />
        <Switch
          label="A username beside the email address"
          checked={options.requires_username === true}
          onChange={(event) => set({ requires_username: event.currentTarget.checked })}
        />
        <Switch
          label="People may change their own password"
          checked={options.disable_self_service_change_password !== true}
          onChange={(event) => set({ disable_self_service_change_password: !event.currentTarget.checked })}
        />
        {edit.errorOf('options') !== undefined && (
          <Text size="sm" c="var(--danger)" role="alert">
            {edit.errorOf('options')}
          </Text>
        )}
      </Section>
    </>
  );
}

function CodeOptions({ options, set }: OptionsProps) {
  const totp = (options.totp ?? {}) as { length?: number; time_step?: number };
  return (
    <Section title="Codes">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput
          label="Digits"
          min={6}
          max={12}
          allowDecimal={false}
          value={totp.length ?? 6}
          onChange={(length) => set({ totp: { ...totp, length: Number(length) } })}
        />
        <NumberInput
          label="Good for"
          description="seconds"
          min={60}
          max={3600}
          allowDecimal={false}
          value={totp.time_step ?? 180}
          onChange={(time_step) => set({ totp: { ...totp, time_step: Number(time_step) } })}
        />
      </SimpleGrid>
      <Switch
        label="Whoever is not a user yet becomes one"
        checked={options.disable_signup !== true}
        onChange={(event) => set({ disable_signup: !event.currentTarget.checked })}
      />
      <Switch
        label="Block after too many wrong codes"
        checked={options.brute_force_protection !== false}
        onChange={(event) => set({ brute_force_protection: event.currentTarget.checked })}
      />
    </Section>
  );
}
