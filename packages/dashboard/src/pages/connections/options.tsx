import { NumberInput, SimpleGrid, Slider, Stack, Switch, Text } from '@mantine/core';
import type { Connection } from '../../api/types.ts';
import { Section } from '../../parts/section.tsx';
import type { Edit } from '../../parts/use-edit.ts';

interface OptionsProps {
  options: Connection['options'];
  set: (change: Partial<Connection['options']>) => void;
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

export function DatabaseOptions({ edit, options, set }: OptionsProps & { edit: Edit<Connection> }) {
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
            onChange={(value) => set({ passwordPolicy: policies[value]?.value ?? 'good' })}
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

export function CodeOptions({ options, set }: OptionsProps) {
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
