// What applications may call for themselves: a grant joins one to an API, with permissions.
import { Badge, Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useAll } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Client, ClientGrant, ResourceServer } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { useAccess } from '../../session/access.tsx';
import { GrantScopes } from './grant-scopes.tsx';

/** Those of one application, or on one API. */
export function useClientGrants(of: { client_id: string } | { audience: string }) {
  return useAll<ClientGrant>({
    path: '/client-grants',
    name: 'client_grants',
    query: { ...of, subject_type: 'client' },
  });
}

interface ClientAccessProps {
  client: Client;
  api: ResourceServer;
  /** Undefined if there is none. */
  grant: ClientGrant | undefined;
  /** While it is not known yet whether there is one. */
  isPending: boolean;
}

/** Whether the application may call the API, and what it may do there. */
export function ClientAccess({ client, api, grant, isPending }: ClientAccessProps) {
  const may = useAccess();
  const { write } = useWrite();
  const [choosing, setChoosing] = useState<ClientGrant>();
  const authorize = async (isOn: boolean) => {
    if (isOn === (grant !== undefined)) return true;
    const body = { client_id: client.client_id, audience: api.identifier, scope: [] };
    const answer = await write(
      grant === undefined
        ? { method: 'POST', path: '/client-grants', body }
        : { method: 'DELETE', path: path`/client-grants/${grant.id}` },
      { stale: ['/client-grants'] },
    );
    return answer !== undefined;
  };
  return (
    <Group gap="sm" wrap="nowrap" justify="flex-end">
      {grant !== undefined && (
        <Button size="xs" variant="default" onClick={() => setChoosing(grant)}>
          Permissions
        </Button>
      )}
      <Toggle
        label={`${client.name} may call ${api.name}`}
        hideLabel
        checked={grant !== undefined}
        disabled={!may('create:client_grants') || !may('delete:client_grants') || isPending}
        change={authorize}
        done={(isOn) =>
          `${client.name} ${isOn ? 'may' : 'may not'} call ${api.name}${isOn ? '' : ' any more'}`
        }
      />
      {choosing !== undefined && (
        <GrantScopes api={api} grant={choosing} onClose={() => setChoosing(undefined)} />
      )}
    </Group>
  );
}

/** How many of the API's permissions. */
export function GrantedScopes({ api, grant }: { api: ResourceServer; grant: ClientGrant | undefined }) {
  if (grant === undefined) return null;
  return (
    <Badge variant="default" radius="sm">
      {grant.allow_all_scopes ? 'All' : `${grant.scope?.length ?? 0} of ${api.scopes.length}`}
    </Badge>
  );
}
