// What is refused before there is a transaction leaves its entry in one of its own.
import type { LogEvent, Requester } from '../model/events.ts';
import { OAuthError } from './errors.ts';
import type { TenantLog, UnitOfWork } from './ports.ts';

/** What was thrown is described in the tenant log, if it is a refusal; the caller throws it on. */
export async function recordRefusal(
  error: unknown,
  event: LogEvent,
  requester: Requester,
  { unitOfWork }: { unitOfWork: UnitOfWork<{ log: TenantLog }> },
): Promise<void> {
  if (!(error instanceof OAuthError)) return;
  const refusal: LogEvent = { ...event, description: error.message, ...error.event };
  await unitOfWork.transaction(({ log }) => log.write(refusal, requester));
}
