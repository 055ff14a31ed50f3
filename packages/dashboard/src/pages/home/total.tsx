import { Group, Skeleton, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import { Link } from 'react-router';

interface TotalProps {
  label: string;
  /** Undefined while it is read. */
  value: number | undefined;
  /** Of the period before, to compare with. */
  before?: number | undefined;
  to?: string;
}

export function Total({ label, value, before, to }: TotalProps) {
  return (
    <div className="card total">
      <Text size="sm" c="dimmed">
        {to === undefined ? (
          label
        ) : (
          <Link to={to} className="total-link">
            {label}
          </Link>
        )}
      </Text>
      <Group gap="xs" align="baseline">
        {value === undefined ? (
          <Skeleton height={28} width={64} mt={6} />
        ) : (
          <Text fz={28} fw={650} lh={1.2}>
            {value.toLocaleString('en')}
          </Text>
        )}
        {value !== undefined && before !== undefined && before > 0 && (
          <Change value={value} before={before} />
        )}
      </Group>
    </div>
  );
}

function Change({ value, before }: { value: number; before: number }) {
  const percent = Math.round(((value - before) / before) * 100);
  const Icon = percent < 0 ? IconArrowDownRight : IconArrowUpRight;
  return (
    <Text size="xs" c="dimmed" span>
      <Icon size={14} aria-hidden="true" className="in-line" />
      {percent > 0 && '+'}
      {percent} %<span className="visually-hidden"> against the days before</span>
    </Text>
  );
}
