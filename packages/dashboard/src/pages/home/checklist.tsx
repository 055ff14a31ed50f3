// The way to a first login, until it is done or put away.
import { ActionIcon, Progress, Text, Tooltip } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconCheck, IconX } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useList, useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Client, Role, User } from '../../api/types.ts';
import { Section } from '../../parts/section.tsx';
import { useAccess } from '../../session/access.tsx';

interface Step {
  title: string;
  text: string;
  to: string;
  isDone: boolean;
}

export function Checklist() {
  const [isAway, setAway] = useLocalStorage({ key: 'freehold-checklist-away', defaultValue: false });
  const may = useAccess();
  const isFor = may('create:clients') && may('read:users') && may('read:roles');
  return !isAway && isFor && <Steps putAway={() => setAway(true)} />;
}

function Steps({ putAway }: { putAway: () => void }) {
  const steps = useSteps();
  if (steps === undefined) return null;
  const done = steps.filter(({ isDone }) => isDone).length;
  if (done === steps.length) return null;
  return (
    <Section
      title="Getting started"
      text={`${done} of ${steps.length} done`}
      actions={
        <Tooltip label="Put this away">
          <ActionIcon variant="subtle" color="gray" aria-label="Put this away" onClick={putAway}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      }
    >
      <Progress value={(done / steps.length) * 100} size="sm" aria-label="Getting started" />
      <ol className="checklist">
        {steps.map(({ title, text, to, isDone }) => (
          <li key={title} data-done={isDone || undefined}>
            <span className="check" aria-hidden="true">
              {isDone && <IconCheck size={14} stroke={3} />}
            </span>
            <div>
              <Link to={to} className="plain-link">
                {title}
              </Link>
              {isDone && <span className="visually-hidden"> (done)</span>}
              <Text size="sm" c="dimmed">
                {text}
              </Text>
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Undefined until it is known how far they are. */
function useSteps(): Step[] | undefined {
  const clients = useList<Client>({
    path: '/clients',
    name: 'clients',
    per_page: 1,
    query: { is_global: false },
  });
  const users = useList<User>({ path: '/users', name: 'users', per_page: 1 });
  const roles = useList<Role>({ path: '/roles', name: 'roles', query: { type: 'system' } });
  const owner = roles.data?.items.find(({ name }) => name === 'owner');
  const owners = useRead<{ total: number }>(
    path`/roles/${owner?.id ?? ''}/users`,
    { include_totals: true, per_page: 1 },
    { enabled: owner !== undefined },
  );
  if ([clients, users, owners].some(({ data }) => data === undefined)) return undefined;
  const [first] = clients.data?.items ?? [];
  return [
    {
      title: 'Create an application',
      text: 'Its quick start has everything filled in: copy, paste, log in.',
      to: '/applications?create=true',
      isDone: (clients.data?.total ?? 0) > 0,
    },
    {
      title: 'Allow the address where it runs',
      text: 'People return there after logging in; any other address is refused.',
      to: first === undefined ? '/applications' : path`/applications/${first.client_id}`,
      isDone: (first?.callbacks?.length ?? 0) > 0,
    },
    {
      title: 'Log somebody in',
      text: 'Sign up at your own application, as everybody else will, or try the login here.',
      to: '/try',
      isDone: (users.data?.total ?? 0) > 1,
    },
    {
      title: 'Share the keys',
      text: 'A second owner helps when the first has lost the password.',
      to: '/settings/administrators',
      isDone: (owners.data?.value.total ?? 0) > 1,
    },
  ];
}
