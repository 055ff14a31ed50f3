import { Radio, Stack } from '@mantine/core';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { Client } from '../../api/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { Section } from '../../parts/section.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';

const usages = [
  { value: 'deny', label: 'Individuals', text: 'People log in for themselves.' },
  { value: 'require', label: 'Members of organizations', text: 'Everybody logs in as a member of one.' },
  { value: 'allow', label: 'Both', text: 'With or without an organization.' },
] as const;

const behaviors = [
  { value: 'no_prompt', label: 'The application says which', text: 'By the parameter organization.' },
  { value: 'pre_login_prompt', label: 'People are asked first', text: 'For the name of their organization.' },
  {
    value: 'post_login_prompt',
    label: 'People choose afterwards',
    text: 'Among those whose members they are.',
  },
] as const;

export function ApplicationOrganizations({ stored }: { stored: ApiAnswer<Client> }) {
  const may = useAccess();
  const edit = useEdit(stored, { path: path`/clients/${stored.value.client_id}`, stale: ['/clients'] });
  const usage = edit.value.organization_usage ?? 'deny';
  return (
    <EditForm edit={edit} isReadOnly={!may('update:clients')}>
      <Section title="Who uses this application">
        <Radio.Group
          aria-label="Who uses this application"
          value={usage}
          error={edit.errorOf('organization_usage')}
          onChange={(value) => edit.set({ organization_usage: value as typeof usage })}
        >
          <Stack gap="sm">
            {usages.map(({ value, label, text }) => (
              <Radio key={value} value={value} label={label} description={text} />
            ))}
          </Stack>
        </Radio.Group>
      </Section>
      {usage !== 'deny' && (
        <Section title="How the organization is known">
          <Radio.Group
            aria-label="How the organization is known"
            value={edit.value.organization_require_behavior ?? 'no_prompt'}
            error={edit.errorOf('organization_require_behavior')}
            onChange={(value) =>
              edit.set({ organization_require_behavior: value as (typeof behaviors)[number]['value'] })
            }
          >
            <Stack gap="sm">
              {behaviors.map(({ value, label, text }) => (
                <Radio key={value} value={value} label={label} description={text} />
              ))}
            </Stack>
          </Radio.Group>
        </Section>
      )}
    </EditForm>
  );
}
