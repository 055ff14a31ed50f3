// The operations on an organization's connections, by either name.
import { z } from 'zod';
import { organizationConnectionEntrySchema } from '../../configuration/organizations.ts';
import { paginated } from '../pagination.ts';
import { route } from '../route.ts';
import { queryBoolean, withoutNull } from '../wire.ts';
import {
  changeConnection,
  connectionAnswer,
  connectionOnWire,
  connectOrganization,
  enabledConnectionAnswer,
  enabledConnectionOnWire,
  existingConnection,
} from './connections.ts';
import type { JoinedConnection } from './ports.ts';
import { existingOrganization, organizationParams } from './wire.ts';

const connectionId = z.string().min(1).max(50);

const listed = paginated('connections', connectionAnswer, {
  filters: { is_enabled: queryBoolean.optional() },
});
const listedEnabled = paginated('enabled_connections', enabledConnectionAnswer);

const lists = [
  route({
    method: 'GET',
    path: '/organizations/{id}/connections',
    summary: 'Get connections associated with an organization',
    scopes: ['read:organization_connections'],
    params: organizationParams,
    ...listed.route,
    answer: async ({ params, query }, stores) => {
      const { id } = await existingOrganization(params.id, stores);
      const { is_enabled } = query;
      return listed.answerEach(
        query,
        (page) => stores.organizationConnections.list(id, { is_enabled }, page),
        connectionOnWire,
      );
    },
  }),
  route({
    method: 'GET',
    path: '/organizations/{id}/enabled_connections',
    summary: 'Get connections enabled for an organization',
    scopes: ['read:organization_connections'],
    params: organizationParams,
    ...listedEnabled.route,
    answer: async ({ params, query }, stores) => {
      const { id } = await existingOrganization(params.id, stores);
      return listedEnabled.answerEach(
        query,
        (page) => stores.organizationConnections.list(id, { is_enabled: true }, page),
        enabledConnectionOnWire,
      );
    },
  }),
];

const entry = organizationConnectionEntrySchema;
const enabledEntry = entry.pick({
  assign_membership_on_login: true,
  show_as_button: true,
  is_signup_enabled: true,
});

/** Of one that is added there is nothing yet that `null` could take away. */
const newEntry = entry.extend(
  withoutNull(entry.shape, ['organization_connection_name', 'is_enabled', 'organization_access_level']),
);

interface Name<Params, Answer> {
  path: `/${string}`;
  /** What the connection is called at the end of the path. */
  parameter: string;
  params: z.ZodType<Params & { id: string }>;
  connectionIn(params: Params): string;
  /** What may be said of a connection that is added, and of one that is changed. */
  added: typeof newEntry | typeof enabledEntry;
  body: typeof entry | typeof enabledEntry;
  response: z.ZodType<unknown, Answer>;
  onWire(joined: JoinedConnection): Answer;
}

function routesOf<Params, Answer>(name: Name<Params, Answer>) {
  const { path, params, connectionIn, added, body, response, onWire } = name;
  const one = `${path}/{${name.parameter}}` as const;
  return [
    route({
      method: 'POST',
      path,
      summary: 'Add a connection to an organization',
      scopes: ['create:organization_connections'],
      params: organizationParams,
      body: added.extend({ connection_id: connectionId }),
      status: 201,
      response,
      answer: async ({ params, body: { connection_id, ...settings } }, stores) => {
        const { id } = await existingOrganization(params.id, stores);
        return onWire(await connectOrganization(id, connection_id, settings, stores));
      },
    }),
    route({
      method: 'GET',
      path: one,
      summary: 'Get a connection of an organization',
      scopes: ['read:organization_connections'],
      params,
      status: 200,
      response,
      answer: async ({ params }, { organizationConnections }) =>
        onWire(existingConnection(await organizationConnections.find(params.id, connectionIn(params)))),
    }),
    route({
      method: 'PATCH',
      path: one,
      summary: 'Update a connection of an organization',
      scopes: ['update:organization_connections'],
      params,
      body,
      status: 200,
      response,
      answer: async ({ params, body }, stores) =>
        onWire(await changeConnection(params.id, connectionIn(params), body, stores)),
    }),
    route({
      method: 'DELETE',
      path: one,
      summary: 'Delete a connection from an organization',
      scopes: ['delete:organization_connections'],
      params,
      status: 204,
      response: z.null(),
      answer: async ({ params }, stores) => {
        const { id } = await existingOrganization(params.id, stores);
        await stores.organizationConnections.remove(id, connectionIn(params));
        return null;
      },
    }),
  ];
}

export const organizationConnectionRoutes = [
  ...lists,
  ...routesOf({
    path: '/organizations/{id}/connections',
    parameter: 'connection_id',
    params: organizationParams.extend({ connection_id: connectionId }),
    connectionIn: ({ connection_id }) => connection_id,
    added: newEntry,
    body: entry,
    response: connectionAnswer,
    onWire: connectionOnWire,
  }),
  ...routesOf({
    path: '/organizations/{id}/enabled_connections',
    parameter: 'connectionId',
    params: organizationParams.extend({ connectionId }),
    connectionIn: ({ connectionId }) => connectionId,
    added: enabledEntry,
    body: enabledEntry,
    response: enabledConnectionAnswer,
    onWire: enabledConnectionOnWire,
  }),
];
