// A list of things: rows that lead somewhere, a table on a desktop, cards on a phone; what to do when there are none.
import { Box, Button, Group, Skeleton, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Listing } from '../api/reading.ts';
import { Failed } from './failed.tsx';

export interface Column<T> {
  title: string;
  cell: (item: T) => ReactNode;
  /**
   * `end`: narrow, at the row's end, for an action; `actions`: as that, for several, which stand below on a phone;
   * `desktop`: left out on a phone; `titled`: its title stands beside it there.
   */
  kind?: 'end' | 'actions' | 'desktop' | 'titled';
}

interface ListProps<T> {
  /** What it lists, for who does not see it. */
  label: string;
  query: Listing<T>;
  columns: readonly Column<T>[];
  keyOf: (item: T) => string;
  empty: ReactNode;
  /** Above it: what adds to it. */
  add?: ReactNode;
  paging?: { page: number; per_page?: number; setPage: (page: number) => void };
  /** Nobody has counted: the total says no more than whether something follows. */
  isUncounted?: boolean;
}

const perPage = 25;

export function List<T>({ add, ...list }: ListProps<T>) {
  return (
    <>
      {Boolean(add) && (
        <Group justify="flex-end" mb="md">
          {add}
        </Group>
      )}
      <Rows {...list} />
    </>
  );
}

function Rows<T>({
  label,
  query,
  columns,
  keyOf,
  empty,
  paging,
  isUncounted = false,
}: Omit<ListProps<T>, 'add'>) {
  const { data, error, isPending, refetch, isPlaceholderData } = query;
  if (error !== null && data === undefined)
    return <Failed error={error} {...(refetch === undefined ? {} : { retry: refetch })} />;
  if (data !== undefined && data.items.length === 0 && (paging?.page ?? 0) === 0) {
    return <div className="card">{empty}</div>;
  }
  return (
    <Box className="card" opacity={isPlaceholderData ? 0.6 : 1} aria-busy={isPending || isPlaceholderData}>
      <table className="list" aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, kind }) => (
              <th key={title} scope="col" className={kind}>
                {kind === 'end' || kind === 'actions' ? (
                  <span className="visually-hidden">{title}</span>
                ) : (
                  title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {isPending
            ? skeletonRows.map((row) => <SkeletonRow key={row} columns={columns} />)
            : data?.items.map((item) => (
                <tr key={keyOf(item)}>
                  {columns.map(({ title, kind, cell }) => (
                    <td key={title} className={kind} data-title={kind === 'titled' ? title : undefined}>
                      {cell(item)}
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
      {paging !== undefined && data !== undefined && (
        <Pager {...paging} {...data} isUncounted={isUncounted} />
      )}
    </Box>
  );
}

const skeletonRows = ['one', 'two', 'three', 'four', 'five'];

function SkeletonRow<T>({ columns }: { columns: readonly Column<T>[] }) {
  return (
    <tr>
      {columns.map(({ title, kind }) => (
        <td key={title} className={kind}>
          <Skeleton height={14} width={kind === 'end' || kind === 'actions' ? 24 : '70%'} my={5} />
        </td>
      ))}
    </tr>
  );
}

interface PagerProps {
  page: number;
  per_page?: number;
  setPage: (page: number) => void;
  items: readonly unknown[];
  total: number;
  isUncounted: boolean;
}

function Pager({ page, per_page = perPage, setPage, items, total, isUncounted }: PagerProps) {
  const [first, last] = [page * per_page + 1, page * per_page + items.length];
  if (page === 0 && last >= total) return null;
  const of = isUncounted ? '' : ` of ${count(total)}`;
  return (
    <Group component="nav" aria-label="Pages" justify="space-between" p="sm" px="md" className="list-foot">
      <Text size="sm" c="dimmed" aria-live="polite">
        {items.length === 0 ? 'Nothing here' : `${count(first)}–${count(last)}${of}`}
      </Text>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          disabled={page === 0}
          onClick={() => setPage(page - 1)}
          leftSection={<IconChevronLeft size={14} />}
        >
          Previous
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={last >= total}
          onClick={() => setPage(page + 1)}
          rightSection={<IconChevronRight size={14} />}
        >
          Next
        </Button>
      </Group>
    </Group>
  );
}

function count(value: number): string {
  return value.toLocaleString('en');
}
