import { Anchor, Group, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { eventOf } from '../../api/log-events.ts';
import { useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { LogEntry } from '../../api/types.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Copyable } from '../../parts/copy.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { exactTime } from '../../parts/time.tsx';
import { KindIcon } from './kind-icon.tsx';
import { subjectNames, subjects, subjectWords } from './log-query.ts';

export function LogEntryScreen() {
  const { id = '' } = useParams();
  const query = useRead<LogEntry>(path`/logs/${id}`);
  return <OnceRead query={query}>{(stored) => <Entry entry={stored.value} />}</OnceRead>;
}

function Entry({ entry }: { entry: LogEntry }) {
  const { words, kind } = eventOf(entry.type);
  const facts: (readonly [string, ReactNode])[] = [
    ['When', exactTime(entry.date)],
    [
      'Type',
      <span key="type" className="mono">
        {entry.type}
      </span>,
    ],
    [
      'User',
      entry.user_id ? (
        <To key="user" to={path`/users/${entry.user_id}`} text={entry.user_name ?? entry.user_id} />
      ) : (
        entry.user_name
      ),
    ],
    [
      'Application',
      entry.client_id ? (
        <To
          key="client"
          to={path`/applications/${entry.client_id}`}
          text={entry.client_name ?? entry.client_id}
        />
      ) : null,
    ],
    [
      'Connection',
      entry.connection_id ? (
        <To
          key="connection"
          to={path`/connections/${entry.connection_id}`}
          text={entry.connection ?? entry.connection_id}
        />
      ) : (
        entry.connection
      ),
    ],
    [
      'Organization',
      entry.organization_id ? (
        <To
          key="organization"
          to={path`/organizations/${entry.organization_id}`}
          text={entry.organization_name ?? entry.organization_id}
        />
      ) : null,
    ],
    ['Address', entry.ip],
    ['Browser', entry.user_agent],
  ];
  return (
    <>
      <PageHeader
        title={words}
        back={{ label: 'Logs', to: '/logs' }}
        icon={<KindIcon kind={kind} size={48} />}
        description={<bdi>{entry.description}</bdi>}
      />
      <Section title="What is known">
        <Table>
          <Table.Tbody>
            {facts
              .filter(([, value]) => value != null && value !== '')
              .map(([name, value]) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" w={140}>
                    {name}
                  </Table.Th>
                  <Table.Td>{value}</Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
        <Group gap="md">
          <Copyable text={entry.log_id} label="Copy the log ID" />
          {subjectNames.map((name) => {
            const id = entry[subjects[name]];
            return (
              id && (
                <Anchor
                  key={name}
                  size="sm"
                  component={Link}
                  to={`/logs?${new URLSearchParams({ [name]: id })}`}
                >
                  More of this {subjectWords[name].toLowerCase()}
                </Anchor>
              )
            );
          })}
        </Group>
      </Section>
      <Section title="JSON">
        <CodeBlock text={JSON.stringify(entry, undefined, 2)} label="Copy the entry as JSON" />
      </Section>
    </>
  );
}

function To({ to, text }: { to: string; text: string }) {
  return (
    <Anchor component={Link} to={to} size="sm">
      <bdi>{text}</bdi>
    </Anchor>
  );
}
