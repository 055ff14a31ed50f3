import { ColorInput, SimpleGrid, TextInput } from '@mantine/core';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { Organization } from '../../api/types.ts';
import { Deletion } from '../../parts/deletion.tsx';
import { EditForm } from '../../parts/edit-form.tsx';
import { JsonEditor } from '../../parts/json-editor.tsx';
import { Section } from '../../parts/section.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';

const usual = { primary: '#14543f', page_background: '#f3f1ea' };

export function OrganizationSettings({ stored }: { stored: ApiAnswer<Organization> }) {
  const may = useAccess();
  const { id, name } = stored.value;
  const at = path`/organizations/${id}`;
  const edit = useEdit<Organization>(stored, { path: at, stale: ['/organizations'] });
  const isReadOnly = !may('update:organizations');
  const { branding = {}, metadata = {} } = edit.value;
  const colors = branding.colors ?? usual;
  return (
    <>
      <EditForm edit={edit} isReadOnly={isReadOnly}>
        <Section title="Settings">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label="Display name"
              value={edit.value.display_name ?? ''}
              maxLength={255}
              error={edit.errorOf('display_name')}
              onChange={(event) => edit.set({ display_name: event.currentTarget.value })}
            />
            <TextInput
              label="Name"
              description="In links and tokens"
              value={edit.value.name}
              maxLength={50}
              classNames={{ input: 'mono' }}
              error={edit.errorOf('name')}
              onChange={(event) => edit.set({ name: event.currentTarget.value })}
            />
          </SimpleGrid>
        </Section>
        <Section title="Branding" text="For the pages that its people log in on.">
          <TextInput
            label="Logo"
            description="A https URL"
            type="url"
            value={branding.logo_url ?? ''}
            error={edit.errorOf('branding')}
            onChange={(event) => {
              const { logo_url: _, ...others } = branding;
              const logo_url = event.currentTarget.value;
              edit.set({ branding: logo_url === '' ? others : { ...others, logo_url } });
            }}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <ColorInput
              label="Buttons and links"
              value={colors.primary}
              onChange={(primary) => edit.set({ branding: { ...branding, colors: { ...colors, primary } } })}
            />
            <ColorInput
              label="Page background"
              value={colors.page_background}
              onChange={(page_background) =>
                edit.set({ branding: { ...branding, colors: { ...colors, page_background } } })
              }
            />
          </SimpleGrid>
        </Section>
        <Section title="Metadata" text="Up to 25 names with a text each.">
          <JsonEditor
            label="metadata"
            value={metadata}
            error={edit.errorOf('metadata')}
            onChange={(value) => edit.set({ metadata: value as Record<string, string> })}
          />
        </Section>
      </EditForm>
      {may('delete:organizations') && (
        <Deletion
          title="Delete this organization"
          text="With its memberships and invitations. Its people stay users."
          action="Delete the organization"
          name={name}
          path={at}
          stale={['/organizations', '/users']}
          done="The organization is deleted"
          to="/organizations"
        />
      )}
    </>
  );
}
