// Secrets that are told again. Whoever may replace a thing whole may read it whole; a person must ask for the member by
// name, soon after a login, and leaves an entry.
import { aboutUser } from '../model/events.ts';
import { hasFreshLogin } from './authorization.ts';
import type { ManagementPorts } from './ports.ts';
import type { Call, Caller } from './route.ts';

/** Who asks, and for what. */
export type Asking = Pick<Call<unknown, unknown, unknown>, 'caller' | 'fields'>;

export function maySeeSecrets(
  { caller, fields }: Asking,
  { member, scopes }: { member: string; scopes: readonly string[] },
  ports: Pick<ManagementPorts, 'clock'>,
): boolean {
  if (!scopes.some((scope) => caller.scopes.has(scope))) return false;
  if (caller.user === undefined) return true;
  const asksByName = fields?.include === true && fields.names.has(member);
  return asksByName && hasFreshLogin(caller, ports);
}

/** Of those alone who looked; a script that reads what it writes is none of them. */
export async function recordRevealed(
  description: string,
  revealed: readonly { id: string; name: string }[],
  { client, user, requester }: Caller,
  { unitOfWork }: Pick<ManagementPorts, 'unitOfWork'>,
): Promise<void> {
  if (user === undefined || revealed.length === 0) return;
  await unitOfWork.transaction(({ log }) =>
    log.write(
      {
        type: 'sapi',
        description,
        client_id: client.client_id,
        client_name: client.name,
        ...aboutUser(user),
        details: { revealed: revealed.map(({ id, name }) => ({ id, name })) },
      },
      requester,
    ),
  );
}
