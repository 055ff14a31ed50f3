// A file of users becomes users, after the answer: the job that does it stands in the URL.
import { Button, FileInput, Group, NativeSelect, Stack, Switch } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';
import { useWrite } from '../../api/writing.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useDatabases } from './databases.ts';
import { ImportJob } from './import-job.tsx';
import type { Job } from './jobs.ts';
import { readUsersFile, type UsersFile } from './users-file.ts';

export function ImportUsers() {
  const url = useUrlState();
  const job = url.get('job');
  if (job !== '') return <ImportJob id={job} leave={() => url.set({ job: '' })} />;
  return (
    <>
      <ImportForm onStarted={(id) => url.set({ job: id })} />
      <Section
        title="What the file says"
        text="A list of users, as Auth0’s import takes it. Everybody has an email address. A password comes as the bcrypt hash of it, and stays good; who comes without one chooses it by “Forgot your password?”."
      >
        <CodeBlock label="Copy the example" text={example} />
      </Section>
    </>
  );
}

function ImportForm({ onStarted }: { onStarted: (job_id: string) => void }) {
  const { write, isWriting } = useWrite();
  const databases = useDatabases();
  const [chosen, setChosen] = useState<string>();
  const [file, setFile] = useState<UsersFile>();
  const [isUpsert, setUpsert] = useState(false);
  const [refused, setRefused] = useState<string>();
  const connection_id = chosen ?? databases?.[0]?.value;

  const choose = async (picked: File | null) => {
    setRefused(undefined);
    setFile(picked === null ? undefined : await readUsersFile(picked));
  };
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (file === undefined || connection_id === undefined) return;
    const form = { connection_id, upsert: String(isUpsert), users: file.file };
    const answer = await write<Job>(
      { method: 'POST', path: '/jobs/users-imports', form },
      {
        onRefusal: ({ status, message }) => {
          if (status === 400 || status === 413 || status === 429) setRefused(message);
          return status === 400 || status === 413 || status === 429;
        },
      },
    );
    if (answer !== undefined) onStarted(answer.value.id);
  };
  return (
    <Section title="Import users">
      <form onSubmit={submit}>
        <Stack maw={520}>
          <FileInput
            label="File"
            description={
              file?.count === undefined
                ? 'JSON, 500 kB at most: split what is larger'
                : `${file.count.toLocaleString('en')} ${file.count === 1 ? 'user' : 'users'} in it`
            }
            placeholder="Choose a file"
            accept="application/json,.json"
            leftSection={<IconFileUpload size={16} aria-hidden="true" />}
            clearable
            clearButtonProps={{ 'aria-label': 'Take another file' }}
            value={file?.file ?? null}
            onChange={(picked) => void choose(picked)}
            error={file?.problem ?? refused}
          />
          <NativeSelect
            label="Into"
            value={connection_id ?? ''}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={databases ?? []}
          />
          <Switch
            label="Change those who are here already"
            description="Their names, picture and metadata become those of the file. Without it they are left as they are, and told of."
            checked={isUpsert}
            onChange={(event) => setUpsert(event.currentTarget.checked)}
          />
          <Group>
            <Button
              type="submit"
              loading={isWriting}
              disabled={file?.count === undefined || connection_id === undefined}
            >
              Import
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

const example = JSON.stringify(
  [
    {
      email: 'ada@example.com',
      email_verified: true,
      user_id: '0123456789abcdef01234567',
      name: 'Ada Lovelace',
      password_hash: '$2b$10$…',
      user_metadata: { theme: 'dark' },
      app_metadata: { plan: 'gold' },
    },
    { email: 'bob@example.com' },
  ],
  undefined,
  2,
);
