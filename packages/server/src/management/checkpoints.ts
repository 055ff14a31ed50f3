// Where a page of a list ended, as a client hands it back: sealed, so that nobody makes one up, and good for its list alone
// (abuse tests §4, forged page tokens).
import type { ManagementPorts } from './ports.ts';
import type { Route } from './route.ts';
import { invalidQuery } from './validation.ts';

type Sent = Readonly<Record<string, unknown>>;
type Paged = Pick<Route, 'path' | 'byCheckpoint'>;

/** The query, with the sort key that its checkpoint stands for. Throws ManagementError 400. */
export function openCheckpoint(
  { path, byCheckpoint }: Paged,
  query: Sent,
  { checkpoints }: Pick<ManagementPorts, 'checkpoints'>,
): Sent {
  if (!byCheckpoint || typeof query.from !== 'string') return query;
  const { list, after } = checkpoints.open(query.from) ?? {};
  if (list !== path || typeof after !== 'string') throw invalidQuery('Invalid checkpoint', 'from');
  return { ...query, from: after };
}

export function sealCheckpoint(
  { path, byCheckpoint }: Paged,
  answer: unknown,
  { checkpoints }: Pick<ManagementPorts, 'checkpoints'>,
): unknown {
  if (!byCheckpoint || typeof answer !== 'object' || answer === null) return answer;
  if (!('next' in answer) || typeof answer.next !== 'string') return answer;
  return { ...answer, next: checkpoints.seal({ list: path, after: answer.next }) };
}
