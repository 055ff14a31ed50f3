// A person who looks at a secret leaves an entry.
import type { Client } from '../../model/client.ts';
import { aboutUser } from '../../model/events.ts';
import type { ManagementPorts } from '../ports.ts';
import type { Caller } from '../route.ts';

export async function recordRevealed(
  clients: readonly Pick<Client, 'client_id' | 'name'>[],
  { client, user, requester }: Caller,
  { unitOfWork }: Pick<ManagementPorts, 'unitOfWork'>,
): Promise<void> {
  await unitOfWork.transaction(async ({ log }) => {
    await log.write(
      {
        type: 'sapi',
        description: 'Reveal the secret of a client',
        client_id: client.client_id,
        client_name: client.name,
        ...(user && aboutUser(user)),
        details: { revealed: clients.map(({ client_id, name }) => ({ client_id, name })) },
      },
      requester,
    );
  });
}
