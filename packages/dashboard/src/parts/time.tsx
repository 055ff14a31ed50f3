import { Tooltip } from '@mantine/core';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** "3 days ago" */
export function ago(time: Date, now: Date): string {
  const seconds = Math.round((time.getTime() - now.getTime()) / 1000);
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return Math.abs(seconds) < 10 ? 'just now' : relative.format(seconds, 'second');
}

/** How long ago; the moment itself by pointing at it. */
export function Time({ at, otherwise = 'never' }: { at: string | undefined | null; otherwise?: string }) {
  if (at == null) return <>{otherwise}</>;
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return <>{at}</>;
  return (
    <Tooltip label={absolute.format(time)}>
      <time dateTime={at}>{ago(time, new Date())}</time>
    </Tooltip>
  );
}

export function exactTime(at: string): string {
  return absolute.format(new Date(at));
}
