import { Checkbox, SimpleGrid } from '@mantine/core';
import type { Client } from '../../api/types.ts';
import { Section } from '../../parts/section.tsx';
import type { Edit } from '../../parts/use-edit.ts';

const known = [
  { name: 'authorization_code', label: 'Authorization code', text: 'The login of nearly every application.' },
  { name: 'refresh_token', label: 'Refresh token', text: 'Stays logged in without asking again.' },
  { name: 'client_credentials', label: 'Client credentials', text: 'Acts for itself, with a secret.' },
  {
    name: 'urn:ietf:params:oauth:grant-type:device_code',
    label: 'Device code',
    text: 'Devices without a keyboard or a browser.',
  },
  { name: 'implicit', label: 'Implicit', text: 'Tokens in the address. For old applications alone.' },
  { name: 'password', label: 'Password', text: 'The application sees passwords. Avoid it.' },
  {
    name: 'http://auth0.com/oauth/grant-type/password-realm',
    label: 'Password with a realm',
    text: 'As Password, for one of several databases.',
  },
  {
    name: 'http://auth0.com/oauth/grant-type/passwordless/otp',
    label: 'Passwordless code',
    text: 'A code by mail or text message, typed into the application.',
  },
] as const;

export function GrantTypes({ edit: { value, set, errorOf } }: { edit: Edit<Client> }) {
  const chosen = value.grant_types ?? [];
  const others = chosen.filter((name) => !known.some((it) => it.name === name));
  return (
    <Section title="Grant types" text="The ways in which it may get tokens. Leave out what it does not use.">
      <Checkbox.Group
        aria-label="Grant types"
        value={chosen}
        onChange={(grant_types) => set({ grant_types })}
        error={errorOf('grant_types')}
      >
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm">
          {known.map(({ name, label, text }) => (
            <Checkbox key={name} value={name} label={label} description={text} />
          ))}
          {others.map((name) => (
            <Checkbox key={name} value={name} label={name} />
          ))}
        </SimpleGrid>
      </Checkbox.Group>
    </Section>
  );
}
