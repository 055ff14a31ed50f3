import { Skeleton, Stack } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failed } from './failed.tsx';

interface OnceReadProps<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>;
  children: (data: T) => ReactNode;
}

/** What is shown once it is read; what could not be read anew is still shown as it was. */
export function OnceRead<T>({ query: { data, error, refetch }, children }: OnceReadProps<T>) {
  if (data !== undefined) return children(data);
  if (error !== null) return <Failed error={error} retry={refetch} />;
  return <LoadingSkeleton />;
}

export function LoadingSkeleton() {
  return (
    <Stack gap="lg" role="status" aria-label="Loading">
      <Skeleton height={32} width={260} />
      <Skeleton height={36} />
      <Skeleton height={180} radius="lg" />
      <Skeleton height={120} radius="lg" />
    </Stack>
  );
}
