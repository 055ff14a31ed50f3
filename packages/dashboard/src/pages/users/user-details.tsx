import { SimpleGrid, Switch, Text, TextInput } from '@mantine/core';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { User } from '../../api/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { JsonEditor } from '../../parts/json-editor.tsx';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { type Edit, useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';
import { UserBlocks } from './user-blocks.tsx';
import { UserFactors } from './user-factors.tsx';
import { UserIdentities } from './user-identities.tsx';

export function UserDetails({ stored }: { stored: ApiAnswer<User> }) {
  const may = useAccess();
  const edit = useEdit<User>(stored, { path: path`/users/${stored.value.user_id}`, stale: ['/users'] });
  const isReadOnly = !may('update:users');
  return (
    <>
      <UserBlocks user={stored.value} />
      <Facts user={stored.value} />
      <EditForm edit={edit}>
        <Profile edit={edit} isReadOnly={isReadOnly} />
        <Section
          title="Metadata"
          text="What applications keep about this person. user_metadata is theirs to change; app_metadata is not."
        >
          <JsonEditor
            label="user_metadata"
            value={edit.value.user_metadata ?? {}}
            onChange={(value) => edit.set({ user_metadata: replacing(stored.value.user_metadata, value) })}
            disabled={isReadOnly}
            error={edit.errorOf('user_metadata')}
          />
          <JsonEditor
            label="app_metadata"
            value={edit.value.app_metadata ?? {}}
            onChange={(value) => edit.set({ app_metadata: replacing(stored.value.app_metadata, value) })}
            disabled={!may('update:users') && !may('update:users_app_metadata')}
            error={edit.errorOf('app_metadata')}
          />
        </Section>
      </EditForm>
      <UserIdentities user={stored.value} />
      {may('read:authentication_methods') && <UserFactors user={stored.value} />}
    </>
  );
}

/** PATCH merges metadata: what was taken out of it is told by `null`. */
function replacing(stored: Record<string, unknown> = {}, wanted: object): Record<string, unknown> {
  const gone = Object.keys(stored).filter((name) => !Object.hasOwn(wanted, name));
  return { ...wanted, ...Object.fromEntries(gone.map((name) => [name, null])) };
}

function Facts({ user }: { user: User }) {
  const facts = [
    ['Signed up', <Time key="created" at={user.created_at} otherwise="unknown" />],
    ['Last login', <Time key="login" at={user.last_login} />],
    ['Logins', (user.logins_count ?? 0).toLocaleString('en')],
    ['Last address', user.last_ip ?? '–'],
    ['Password changed', <Time key="password" at={user.last_password_reset} otherwise="–" />],
  ] as const;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} className="card section" component="dl" mb="md">
      {facts.map(([name, value]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" fw={600} m={0}>
            {value}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

const names = [
  ['name', 'Name'],
  ['nickname', 'Nickname'],
  ['given_name', 'Given name'],
  ['family_name', 'Family name'],
] as const;

function Profile({ edit, isReadOnly }: { edit: Edit<User>; isReadOnly: boolean }) {
  const { value } = edit;
  const field = (
    name: 'name' | 'nickname' | 'given_name' | 'family_name' | 'email' | 'username' | 'picture',
  ) => ({
    value: value[name] ?? '',
    error: edit.errorOf(name),
    disabled: isReadOnly,
    onChange: (event: { currentTarget: { value: string } }) =>
      edit.set({ [name]: event.currentTarget.value }),
  });
  return (
    <Section title="Profile">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {names.map(([name, label]) => (
          <TextInput key={name} label={label} {...field(name)} dir="auto" />
        ))}
        {value.email !== undefined && <TextInput label="Email address" type="email" {...field('email')} />}
        {value.username !== undefined && <TextInput label="Username" {...field('username')} />}
        {value.phone_number !== undefined && (
          <TextInput label="Phone number" value={value.phone_number} disabled />
        )}
        <TextInput label="Picture" description="A https URL" type="url" {...field('picture')} />
      </SimpleGrid>
      {value.email !== undefined && (
        <Switch
          label="Email address verified"
          checked={value.email_verified ?? false}
          disabled={isReadOnly}
          onChange={(event) => edit.set({ email_verified: event.currentTarget.checked })}
        />
      )}
    </Section>
  );
}
