// Users as a file: a job that is done at once, and a link that reads them as it is opened.
import { Button, Group, NativeSelect, Stack, TagsInput, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';
import { useWrite } from '../../api/writing.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useDatabases } from './databases.ts';
import { isRunning, type Job, useJob } from './jobs.ts';

const usualFields = [
  'user_id',
  'email',
  'email_verified',
  'username',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'blocked',
  'created_at',
  'last_login',
  'logins_count',
  'identities[0].connection',
  'user_metadata',
  'app_metadata',
];

export function ExportUsers() {
  const url = useUrlState();
  const databases = useDatabases();
  const { write, isWriting } = useWrite();
  const [connection_id, setConnection] = useState('');
  const [format, setFormat] = useState('csv');
  const [fields, setFields] = useState<string[]>([]);
  const job = url.get('job');

  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = {
      format,
      ...(connection_id === '' ? {} : { connection_id }),
      ...(fields.length === 0 ? {} : { fields: fields.map((name) => ({ name })) }),
    };
    const answer = await write<Job>({ method: 'POST', path: '/jobs/users-exports', body });
    if (answer !== undefined) url.set({ job: answer.value.id });
  };
  return (
    <>
      {job !== '' && <ExportJob key={job} id={job} />}
      <Section
        title={job === '' ? 'Export users' : 'Export others'}
        text="Everything that is known of them but their passwords."
      >
        <form onSubmit={submit}>
          <Stack maw={520}>
            <NativeSelect
              label="Whom"
              value={connection_id}
              onChange={(event) => setConnection(event.currentTarget.value)}
              data={[
                { value: '', label: 'Everybody' },
                ...(databases ?? []).map(({ value, label }) => ({ value, label: `Those of ${label}` })),
              ]}
            />
            <NativeSelect
              label="Format"
              value={format}
              onChange={(event) => setFormat(event.currentTarget.value)}
              data={[
                { value: 'csv', label: 'CSV, for spreadsheets' },
                { value: 'json', label: 'JSON, a line for each user' },
              ]}
            />
            <TagsInput
              label="Fields"
              description="Such as user_metadata.theme; none means the usual ones in CSV, and all of them in JSON"
              maxTags={30}
              data={usualFields}
              value={fields}
              onChange={setFields}
            />
            <Group>
              <Button type="submit" loading={isWriting}>
                Export
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
    </>
  );
}

function ExportJob({ id }: { id: string }) {
  const query = useJob(id);
  return <OnceRead query={query}>{({ value }) => <ExportedFile job={value} />}</OnceRead>;
}

function ExportedFile({ job }: { job: Job }) {
  const { connection, format = 'json', location } = job;
  return (
    <Section
      title={connection === undefined ? 'Everybody, as a file' : `The users of ${connection}, as a file`}
      text="The link reads them as it is opened, and is good for ten minutes: whoever has it has the users."
    >
      {isRunning(job) || location === undefined ? (
        <Text size="sm" role="status">
          It is being prepared …
        </Text>
      ) : (
        <Group>
          <Button component="a" href={location} download leftSection={<IconDownload size={16} />}>
            Download users.{format}.gz
          </Button>
        </Group>
      )}
    </Section>
  );
}
