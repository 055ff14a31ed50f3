import { SimpleGrid, Switch, TextInput } from '@mantine/core';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { Connection } from '../../api/types.ts';
import { Deletion } from '../../parts/deletion.tsx';
import { EditForm } from '../../parts/edit-form.tsx';
import { JsonEditor } from '../../parts/json-editor.tsx';
import { Section } from '../../parts/section.tsx';
import { type Edit, useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';
import { CodeOptions, DatabaseOptions } from './options.tsx';

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
  const { options } = edit.value;
  const set = (change: Partial<Connection['options']>) => edit.set({ options: { ...options, ...change } });
  if (strategy === 'auth0') return <DatabaseOptions edit={edit} options={options} set={set} />;
  if (strategy === 'email' || strategy === 'sms') return <CodeOptions options={options} set={set} />;
  return (
    <Section title="Options" text="As another identity provider needs them. Nobody logs in by it yet.">
      <JsonEditor
        label="options"
        value={options}
        onChange={(value) => edit.set({ options: value as Connection['options'] })}
        error={edit.errorOf('options')}
      />
    </Section>
  );
}
