import { NativeSelect, SimpleGrid, Switch, TextInput } from '@mantine/core';
import { type ApiAnswer, path } from '../../api/request.ts';
import { type SigningAlgorithm, signingAlgorithms } from '../../api/signing-algorithms.ts';
import type { ResourceServer } from '../../api/types.ts';
import { Copy } from '../../parts/copy.tsx';
import { Deletion } from '../../parts/deletion.tsx';
import { DurationInput } from '../../parts/duration-input.tsx';
import { EditForm } from '../../parts/edit-form.tsx';
import { Section } from '../../parts/section.tsx';
import { type Edit, useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';

/** Seconds: what Auth0 takes at most. */
const longest = 2_592_000;

export function ApiSettings({ stored }: { stored: ApiAnswer<ResourceServer> }) {
  const may = useAccess();
  const { id, name, is_system = false } = stored.value;
  const at = path`/resource-servers/${id}`;
  const edit = useEdit(stored, { path: at, stale: ['/resource-servers'] });
  return (
    <>
      <EditForm edit={edit} isReadOnly={is_system || !may('update:resource_servers')}>
        <Basics edit={edit} />
        <Tokens edit={edit} />
        <Access edit={edit} />
      </EditForm>
      {!is_system && may('delete:resource_servers') && (
        <Deletion
          title="Delete this API"
          text="No application gets tokens for it any more. Roles lose its permissions. This cannot be undone."
          action="Delete"
          name={name}
          path={at}
          stale={['/resource-servers', '/client-grants']}
          done={`${name} is deleted`}
          to="/apis"
        />
      )}
    </>
  );
}

type PartProps = { edit: Edit<ResourceServer> };

function Basics({ edit: { value, set, errorOf } }: PartProps) {
  return (
    <Section title="Basics">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <TextInput
          label="Name"
          value={value.name ?? ''}
          error={errorOf('name')}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label="Identifier"
          readOnly
          value={value.identifier}
          rightSection={<Copy text={value.identifier} label="Copy the identifier" />}
        />
      </SimpleGrid>
    </Section>
  );
}

function Tokens({ edit: { value, set, errorOf } }: PartProps) {
  return (
    <Section title="Access tokens">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <DurationInput
          label="Lifetime"
          max={longest}
          value={value.token_lifetime ?? 86_400}
          error={errorOf('token_lifetime')}
          onChange={(token_lifetime) => set({ token_lifetime })}
        />
        <DurationInput
          label="Lifetime in browsers"
          description="Of tokens by the implicit grant, and of single-page applications."
          max={longest}
          value={value.token_lifetime_for_web ?? 7200}
          error={errorOf('token_lifetime_for_web')}
          onChange={(token_lifetime_for_web) => set({ token_lifetime_for_web })}
        />
        <NativeSelect
          label="Signature"
          value={value.signing_alg ?? 'RS256'}
          data={[...signingAlgorithms]}
          error={errorOf('signing_alg')}
          onChange={(event) => set({ signing_alg: event.currentTarget.value as SigningAlgorithm })}
        />
        <NativeSelect
          label="Form"
          value={dialectOf(value)}
          error={errorOf('token_dialect')}
          data={[
            { value: 'access_token', label: 'Auth0’s' },
            { value: 'rfc9068_profile', label: 'RFC 9068 (at+jwt)' },
          ]}
          onChange={(event) => set({ token_dialect: event.currentTarget.value + suffixOf(value) })}
        />
      </SimpleGrid>
    </Section>
  );
}

const withPermissions = '_authz';

function suffixOf({ token_dialect = '' }: ResourceServer): string {
  return token_dialect.endsWith(withPermissions) ? withPermissions : '';
}

function dialectOf({ token_dialect = 'access_token' }: ResourceServer): string {
  return token_dialect.replace(withPermissions, '');
}

function Access({ edit: { value, set } }: PartProps) {
  return (
    <Section title="Access">
      <Switch
        label="Offline access"
        description="Applications may ask for refresh tokens, and so get tokens while nobody is there."
        checked={value.allow_offline_access ?? false}
        onChange={(event) => set({ allow_offline_access: event.currentTarget.checked })}
      />
      <Switch
        label="Permissions by roles (RBAC)"
        description="A token has only the permissions that the person has, by a role or directly."
        checked={value.enforce_policies ?? false}
        onChange={(event) => set({ enforce_policies: event.currentTarget.checked })}
      />
      <Switch
        label="Permissions in the token"
        description="The claim permissions lists everything that the person may do here."
        checked={suffixOf(value) !== ''}
        onChange={(event) =>
          set({ token_dialect: dialectOf(value) + (event.currentTarget.checked ? withPermissions : '') })
        }
      />
      <Switch
        label="No consent for your own applications"
        description="People are not asked whether an application of the tenant may call this API."
        checked={value.skip_consent_for_verifiable_first_party_clients ?? false}
        onChange={(event) =>
          set({ skip_consent_for_verifiable_first_party_clients: event.currentTarget.checked })
        }
      />
    </Section>
  );
}
