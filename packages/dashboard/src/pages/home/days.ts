// Days of UTC, as the statistics count them.
import type { DailyStatistic } from '../../api/types.ts';
import type { UrlState } from '../../parts/url-state.ts';

const dayLength = 86_400_000;
/** How many days can be looked at, as the URL says it. */
export const ranges = ['7', '14', '30', '60'];

export function rangeOf(url: Pick<UrlState, 'get'>): number {
  return Number(ranges.find((range) => range === url.get('days')) ?? 30);
}

/** As many days until today, and as many before them, the oldest first. */
export function period(length: number, now: Date): [before: Date[], days: Date[]] {
  const today = Math.floor(now.getTime() / dayLength) * dayLength;
  const all = Array.from(
    { length: 2 * length },
    (_, index) => new Date(today - (2 * length - 1 - index) * dayLength),
  );
  return [all.slice(0, length), all.slice(length)];
}

/** `20260131` */
export function inQuery(day: Date | undefined): string | undefined {
  return day?.toISOString().slice(0, 10).replaceAll('-', '');
}

/** A number for each day: what nothing is said of is 0. */
export function daysUntil(
  days: readonly Date[],
  statistics: readonly DailyStatistic[],
  name: 'logins' | 'signups',
): number[] {
  const byDay = new Map(statistics.map((statistic) => [statistic.date.slice(0, 10), statistic[name]]));
  return days.map((day) => byDay.get(day.toISOString().slice(0, 10)) ?? 0);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
