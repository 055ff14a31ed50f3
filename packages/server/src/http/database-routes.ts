// The users of databases, as applications with forms of their own make them and help them (Auth0's /dbconnections/*;
// contract SU-*, CP-*). Errors have a shape of their own here (SU-6).
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requestPasswordChange } from '../login/password-change.ts';
import type { Client } from '../model/client.ts';
import { type DatabaseConnection, isDatabase } from '../model/connection.ts';
import { isEmail } from '../model/user.ts';
import { type OAuthError, TooManyRequests } from '../oauth/errors.ts';
import type { Parameters } from '../oauth/parameters.ts';
import { addEndpoint } from './endpoint.ts';
import { logError, retryAfter, toOAuthError } from './errors.ts';
import { json, noStore, type Reply, send } from './reply.ts';
import { bodyOf, requesterOf } from './request.ts';
import type { Tenant } from './tenant.ts';

/** SU-6 */
export class DatabaseError extends Error {
  readonly body: { name: string; code: string; description: unknown; statusCode: number };

  constructor(code: string, description: unknown, more: { name?: string; [member: string]: unknown } = {}) {
    super(code);
    this.body = { name: 'BadRequestError', code, description, statusCode: 400, ...more };
  }
}

export function addDatabaseRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(async (thrown: unknown, request: FastifyRequest, reply: FastifyReply) =>
    send(reply, errorReply(thrown, request, tenant)),
  );
  addEndpoint(server, tenant, {
    url: '/dbconnections/change_password',
    methods: ['POST'],
    // CO-1
    cors: { withWebOrigins: () => true },
    answer: (request) => changePassword(request, tenant),
  });
}

/** How long who asked too often is told to wait, in milliseconds: the limits are by the hour. */
const pause = 3_600_000;

async function changePassword(request: FastifyRequest, tenant: Tenant): Promise<Reply> {
  const parameters = bodyOf(request);
  const email = required(parameters, 'email').trim();
  const client = await findClient(parameters.get('client_id'), tenant);
  const connection = await findDatabase(required(parameters, 'connection'), client, tenant);
  if (!isEmail(email)) throw new DatabaseError('invalid_email', 'Invalid email address');
  const { client_id, name: client_name } = client ?? {};
  const asked = {
    email,
    connection: connection.name,
    ...(client_id === undefined ? {} : { client_id }),
    ...(client_name === undefined ? {} : { client_name }),
  };
  if (!(await requestPasswordChange(asked, requesterOf(request), tenant))) throw new TooManyRequests(pause);
  // CP-2: "or user not found".
  const body = "We've just sent you an email to reset your password.";
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8', ...noStore }, body };
}

function required(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw new DatabaseError('invalid_request', `Missing required property: ${name}`);
  return value;
}

async function findClient(
  client_id: string | undefined,
  { unitOfWork }: Tenant,
): Promise<Client | undefined> {
  if (client_id === undefined) return undefined;
  const client = await unitOfWork.read.clients.find(client_id);
  if (client === undefined) throw new DatabaseError('invalid_client', 'Client does not exist');
  return client;
}

/** Enabled for the client, if one is named. */
async function findDatabase(
  name: string,
  client: Client | undefined,
  { unitOfWork }: Tenant,
): Promise<DatabaseConnection> {
  const { connections } = unitOfWork.read;
  const connection =
    client === undefined
      ? await connections.findByName(name)
      : (await connections.listForClient(client.client_id)).find((each) => each.name === name);
  if (connection !== undefined && isDatabase(connection)) return connection;
  throw new DatabaseError('invalid_connection', 'Connection does not exist or is not enabled');
}

function errorReply(thrown: unknown, request: FastifyRequest, tenant: Tenant): Reply {
  if (thrown instanceof DatabaseError) return json(thrown.body, thrown.body.statusCode, noStore);
  const error: OAuthError = toOAuthError(thrown);
  logError(error, request, tenant);
  const { error: code, message: description, status } = error;
  const name = status < 500 ? 'BadRequestError' : 'InternalServerError';
  return json({ name, code, description, statusCode: status }, status, { ...noStore, ...retryAfter(error) });
}
