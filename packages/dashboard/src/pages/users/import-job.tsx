// How far an import is, and what came of it.
import { Alert, Button, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconDownload } from '@tabler/icons-react';
import { useRead } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Item } from '../../api/types.ts';
import { Failed } from '../../parts/failed.tsx';
import { List } from '../../parts/list.tsx';
import { LoadingSkeleton } from '../../parts/once-read.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { Section } from '../../parts/section.tsx';
import { Time } from '../../parts/time.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { isRunning, type Job, useJob } from './jobs.ts';

export function ImportJob({ id, leave }: { id: string; leave: () => void }) {
  const { data, error, refetch } = useJob(id);
  if (error !== null && data === undefined) return <Gone error={error} retry={refetch} leave={leave} />;
  if (data === undefined) return <LoadingSkeleton />;
  const job = data.value;
  const failed = job.summary?.failed ?? 0;
  return (
    <>
      <Section
        title={`Import into ${job.connection ?? 'a connection that is gone'}`}
        text={
          <>
            Begun <Time at={job.created_at} />
          </>
        }
        actions={
          !isRunning(job) && (
            <Button variant="default" size="xs" onClick={leave}>
              Import another file
            </Button>
          )
        }
      >
        <HowFar job={job} />
        <Counts {...(job.summary ?? { inserted: 0, updated: 0, failed: 0 })} />
      </Section>
      {!isRunning(job) && failed > 0 && <ImportErrors id={id} />}
    </>
  );
}

function Gone({ error, retry, leave }: { error: Error; retry: () => unknown; leave: () => void }) {
  return (
    <Stack align="flex-start">
      <Failed error={error} retry={retry} />
      <Text size="sm" c="dimmed">
        What came of an import is told for a day.
      </Text>
      <Button variant="default" onClick={leave}>
        Import another file
      </Button>
    </Stack>
  );
}

function HowFar({ job }: { job: Job }) {
  if (isRunning(job)) {
    const percent = job.percentage_done ?? 0;
    return (
      <div>
        <Progress value={Math.max(2, percent)} animated aria-label="Imported" />
        <Text size="sm" mt="xs" aria-live="polite">
          {job.status === 'pending' ? 'Waiting to begin' : `${percent} % done`}. You may leave this page: it
          goes on, and its address leads back here.
        </Text>
      </div>
    );
  }
  if (job.status === 'failed')
    return (
      <Alert color="red" icon={<IconAlertTriangle size={18} />} title="It came to an end before its time">
        The connection is not there any more.
      </Alert>
    );
  const isClean = (job.summary?.failed ?? 0) === 0;
  return (
    <Alert
      color={isClean ? 'green' : 'yellow'}
      icon={isClean ? <IconCircleCheck size={18} /> : <IconAlertTriangle size={18} />}
      title={isClean ? 'Everybody is here' : 'Not everybody is here'}
      role="status"
    >
      {isClean
        ? 'They can log in as before.'
        : 'What was wrong is told below. Mend it, and import those people again.'}
    </Alert>
  );
}

function Counts({ inserted, updated, failed }: { inserted: number; updated: number; failed: number }) {
  const counts = [
    ['Added', inserted],
    ['Changed', updated],
    ['Refused', failed],
  ] as const;
  return (
    <SimpleGrid cols={3} component="dl" m={0}>
      {counts.map(([name, count]) => (
        <div key={name}>
          <Text component="dt" size="xs" c="dimmed">
            {name}
          </Text>
          <Text component="dd" fz="xl" fw={650} m={0}>
            {count.toLocaleString('en')}
          </Text>
        </div>
      ))}
    </SimpleGrid>
  );
}

type Failure = Item<'GET /jobs/{id}/errors'>;

const perPage = 25;

function ImportErrors({ id }: { id: string }) {
  const url = useUrlState();
  const query = useRead<Failure[] | undefined>(path`/jobs/${id}/errors`);
  const all = query.data?.value ?? [];
  const items = all
    .map((failure, place) => ({ ...failure, place }))
    .slice(url.page * perPage, (url.page + 1) * perPage);
  return (
    <Section
      title="What was wrong"
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveFile('not-imported.json', JSON.stringify(all, undefined, 2), 'application/json')}
        >
          Download as JSON
        </Button>
      }
    >
      <List
        label="Users that were not imported"
        query={{ ...query, data: query.data && { items, total: all.length } }}
        keyOf={({ place }) => String(place)}
        paging={{ page: url.page, setPage: url.setPage, per_page: perPage }}
        columns={[
          { title: 'User', cell: ({ user }) => <bdi>{nameOf(user)}</bdi> },
          {
            title: 'What was wrong',
            cell: ({ errors }) => (
              <Stack gap={4}>
                {errors.map(({ code, message, path: at }) => (
                  <div key={`${code} ${at}`}>
                    {at !== undefined && <span className="mono">{at}: </span>}
                    {message}
                    <div className="second-line mono">{code}</div>
                  </div>
                ))}
              </Stack>
            ),
          },
        ]}
        empty={<Text p="md">Nothing</Text>}
      />
    </Section>
  );
}

/** What the file called them, whatever it was. */
function nameOf({ email, username, user_id }: Record<string, unknown>): string {
  return [email, username, user_id].find((name) => typeof name === 'string') ?? 'Somebody without an address';
}
