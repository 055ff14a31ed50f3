import { Code, NativeSelect, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import { type ApiAnswer, path } from '../../api/request.ts';
import { type SigningAlgorithm, signingAlgorithms } from '../../api/signing-algorithms.ts';
import type { AppType, Client } from '../../api/types.ts';
import { Copy } from '../../parts/copy.tsx';
import { Deletion } from '../../parts/deletion.tsx';
import { DurationInput } from '../../parts/duration-input.tsx';
import { EditForm } from '../../parts/edit-form.tsx';
import { Section } from '../../parts/section.tsx';
import { UrlLines } from '../../parts/url-lines.tsx';
import { type Edit, useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';
import { domain } from '../../settings.ts';
import { appTypeNames, appTypes } from './app-types.tsx';
import { GrantTypes } from './grant-types.tsx';
import { RefreshTokens } from './refresh-tokens.tsx';

export function ApplicationSettings({ stored }: { stored: ApiAnswer<Client> }) {
  const may = useAccess();
  const { client_id, name } = stored.value;
  const at = path`/clients/${client_id}`;
  const edit = useEdit(stored, { path: at, stale: ['/clients'] });
  const isMachine = edit.value.app_type === 'non_interactive';
  return (
    <>
      <EditForm edit={edit} isReadOnly={!may('update:clients')}>
        <Basics edit={edit} />
        {!isMachine && <Urls edit={edit} />}
        {!isMachine && <IdTokens edit={edit} />}
        {!isMachine && <RefreshTokens edit={edit} />}
        <GrantTypes edit={edit} />
      </EditForm>
      {may('delete:clients') && (
        <Deletion
          title="Delete this application"
          text="Nobody can log in to it any more, and its refresh tokens end. This cannot be undone."
          action="Delete"
          name={name}
          path={at}
          stale={['/clients']}
          done={`${name} is deleted`}
          to="/applications"
        />
      )}
    </>
  );
}

type PartProps = { edit: Edit<Client> };

function Basics({ edit: { value, set, errorOf } }: PartProps) {
  return (
    <Section title="Basics">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <TextInput
          label="Name"
          required
          value={value.name}
          error={errorOf('name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <NativeSelect
          label="Type"
          value={value.app_type ?? ''}
          onChange={(event) => set({ app_type: event.currentTarget.value as AppType })}
          data={[
            ...(value.app_type == null ? [{ value: '', label: 'Not said' }] : []),
            ...appTypeNames.map((name) => ({ value: name, label: appTypes[name].label })),
          ]}
        />
        <TextInput
          label="Domain"
          readOnly
          value={domain}
          rightSection={<Copy text={domain} label="Copy the domain" />}
        />
        <TextInput
          label="Client ID"
          readOnly
          value={value.client_id}
          rightSection={<Copy text={value.client_id} label="Copy the client ID" />}
        />
      </SimpleGrid>
      <Textarea
        label="Description"
        description="For you; people who log in do not see it."
        maxLength={140}
        autosize
        value={value.description ?? ''}
        error={errorOf('description')}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <TextInput
        label="Logo"
        description="An address of a picture, 150 by 150 pixels."
        placeholder="https://example.com/logo.png"
        inputMode="url"
        value={value.logo_uri ?? ''}
        error={errorOf('logo_uri')}
        onChange={(event) => set({ logo_uri: event.currentTarget.value })}
      />
    </Section>
  );
}

function Urls({ edit: { value, set, errorOf } }: PartProps) {
  return (
    <Section
      title="Addresses"
      text="Where people may be sent, and who may ask. Anything that is not listed is refused."
    >
      <UrlLines
        label="Callback URLs"
        description="Where people return to after logging in."
        kind="callback"
        placeholder="https://app.example.com/callback"
        value={value.callbacks ?? []}
        error={errorOf('callbacks')}
        onChange={(callbacks) => set({ callbacks })}
      />
      <UrlLines
        label="Logout URLs"
        description="Where people may be sent after logging out."
        kind="logout"
        placeholder="https://app.example.com"
        value={value.allowed_logout_urls ?? []}
        error={errorOf('allowed_logout_urls')}
        onChange={(allowed_logout_urls) => set({ allowed_logout_urls })}
      />
      <UrlLines
        label="Web origins"
        description="Pages that may ask silently whether somebody is logged in."
        kind="origin"
        placeholder="https://app.example.com"
        value={value.web_origins ?? []}
        error={errorOf('web_origins')}
        onChange={(web_origins) => set({ web_origins })}
      />
      <UrlLines
        label="CORS origins"
        description="Other pages whose scripts may call the Authentication API. Those of the callback URLs always may."
        kind="origin"
        placeholder="https://www.example.com"
        value={value.allowed_origins ?? []}
        error={errorOf('allowed_origins')}
        onChange={(allowed_origins) => set({ allowed_origins })}
      />
      <TextInput
        label="Login URL"
        description={
          <>
            Your page that begins a login by sending people to <Code>/authorize</Code>. Mails and expired
            logins lead there.
          </>
        }
        placeholder="https://app.example.com/login"
        inputMode="url"
        value={value.initiate_login_uri ?? ''}
        error={errorOf('initiate_login_uri')}
        onChange={(event) => set({ initiate_login_uri: event.currentTarget.value })}
      />
    </Section>
  );
}

function IdTokens({ edit: { value, set, errorOf } }: PartProps) {
  const jwt = value.jwt_configuration ?? {};
  return (
    <Section title="ID tokens">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <DurationInput
          label="Lifetime"
          value={jwt.lifetime_in_seconds ?? 36_000}
          error={errorOf('jwt_configuration')}
          onChange={(lifetime_in_seconds) => set({ jwt_configuration: { ...jwt, lifetime_in_seconds } })}
        />
        <NativeSelect
          label="Signature"
          value={jwt.alg ?? 'RS256'}
          data={[...signingAlgorithms]}
          onChange={(event) =>
            set({ jwt_configuration: { ...jwt, alg: event.currentTarget.value as SigningAlgorithm } })
          }
        />
      </SimpleGrid>
    </Section>
  );
}
