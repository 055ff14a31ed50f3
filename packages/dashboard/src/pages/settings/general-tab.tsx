import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core';
import { useList } from '../../api/reading.ts';
import type { ApiAnswer } from '../../api/request.ts';
import type { Connection, ResourceServer, TenantSettings } from '../../api/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { Section } from '../../parts/section.tsx';
import { UrlLines } from '../../parts/url-lines.tsx';
import { type Edit, useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';

export function GeneralSettings({ stored }: { stored: ApiAnswer<TenantSettings> }) {
  const may = useAccess();
  const edit = useEdit(stored, { path: '/tenants/settings' });
  return (
    <EditForm edit={edit} isReadOnly={!may('update:tenant_settings')}>
      <Who edit={edit} />
      <Defaults edit={edit} />
      <Section
        title="Logging out"
        text="Where people may be sent after logging out of no application in particular."
      >
        <UrlLines
          label="Logout URLs"
          kind="logout"
          placeholder="https://www.example.com"
          value={edit.value.allowed_logout_urls ?? []}
          error={edit.errorOf('allowed_logout_urls')}
          onChange={(allowed_logout_urls) => edit.set({ allowed_logout_urls })}
        />
      </Section>
    </EditForm>
  );
}

type PartProps = { edit: Edit<TenantSettings> };

function Who({ edit: { value, set, errorOf } }: PartProps) {
  return (
    <Section title="Who you are" text="On the login pages and in mails.">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <TextInput
          label="Name"
          value={value.friendly_name ?? ''}
          error={errorOf('friendly_name')}
          onChange={(event) => set({ friendly_name: event.currentTarget.value })}
        />
        <TextInput
          label="Logo"
          description="An address of a picture"
          placeholder="https://example.com/logo.png"
          value={value.picture_url ?? ''}
          error={errorOf('picture_url')}
          onChange={(event) => set({ picture_url: event.currentTarget.value })}
        />
        <TextInput
          label="Support email"
          type="email"
          placeholder="help@example.com"
          value={value.support_email ?? ''}
          error={errorOf('support_email')}
          onChange={(event) => set({ support_email: event.currentTarget.value })}
        />
        <TextInput
          label="Support page"
          placeholder="https://example.com/help"
          value={value.support_url ?? ''}
          error={errorOf('support_url')}
          onChange={(event) => set({ support_url: event.currentTarget.value })}
        />
      </SimpleGrid>
    </Section>
  );
}

function Defaults({ edit: { value, set, errorOf } }: PartProps) {
  const may = useAccess();
  const apis = useList<ResourceServer>(
    { path: '/resource-servers', name: 'resource_servers', per_page: 100 },
    { enabled: may('read:resource_servers') },
  );
  const connections = useList<Connection>(
    { path: '/connections', name: 'connections', per_page: 100, query: { strategy: 'auth0' } },
    { enabled: may('read:connections') },
  );
  const audiences = apis.data?.items.map(({ identifier, name }) => ({
    value: identifier,
    label: name,
  }));
  const directories = connections.data?.items.map(({ name }) => ({ value: name, label: name }));
  return (
    <Section title="What is meant where nothing is said">
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <NativeSelect
          label="Default API"
          description="The audience of logins that name none"
          value={value.default_audience ?? ''}
          error={errorOf('default_audience')}
          data={withNone(audiences, value.default_audience)}
          onChange={(event) => set({ default_audience: event.currentTarget.value })}
        />
        <NativeSelect
          label="Default database"
          description="For logins by password that name none"
          value={value.default_directory ?? ''}
          error={errorOf('default_directory')}
          data={withNone(directories, value.default_directory)}
          onChange={(event) => set({ default_directory: event.currentTarget.value })}
        />
      </SimpleGrid>
      <TextInput
        label="Where lost people go"
        description="Whoever comes to a login that has ended, and whose application has no login URL"
        placeholder="https://www.example.com"
        value={value.default_redirection_uri ?? ''}
        error={errorOf('default_redirection_uri')}
        onChange={(event) => set({ default_redirection_uri: event.currentTarget.value })}
      />
    </Section>
  );
}

/** With what is chosen, even where it is not in the list. */
function withNone(
  options: readonly { value: string; label: string }[] = [],
  chosen: string | null | undefined,
) {
  const isListed = !chosen || options.some(({ value }) => value === chosen);
  return [{ value: '', label: 'None' }, ...(isListed ? [] : [{ value: chosen, label: chosen }]), ...options];
}
