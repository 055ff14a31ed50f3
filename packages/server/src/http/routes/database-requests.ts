// What the requests to /dbconnections/* have in common, and how they are refused (contract SU-6).
import type { FastifyRequest } from 'fastify';
import type { Client } from '../../model/client.ts';
import { type DatabaseConnection, isDatabase } from '../../model/connection.ts';
import { OAuthError, TooManyRequests } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { requesterOf } from '../request.ts';
import type { Tenant } from '../tenant.ts';

/** SU-6 */
export class DatabaseError extends Error {
  readonly body: { name: string; code: string; description: unknown; statusCode: number };

  constructor(code: string, description: unknown, more: { name?: string; [member: string]: unknown } = {}) {
    super(code);
    this.body = { name: 'BadRequestError', code, description, statusCode: 400, ...more };
  }
}

/** AP-5 */
export class TooManySignUps extends TooManyRequests {
  constructor() {
    super(signUpPause);
  }
}

/** Milliseconds that an address waits for its next sign-up, as a rule. */
const signUpPause = 1200;

export function required(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw new DatabaseError('invalid_request', `Missing required property: ${name}`);
  return value;
}

export async function getClient(client_id: string, { unitOfWork }: Tenant): Promise<Client> {
  const client = await unitOfWork.read.clients.find(client_id);
  if (client === undefined) throw new DatabaseError('invalid_client', 'Client does not exist');
  return client;
}

/** Enabled for the client, if one is named. */
export async function findDatabase(
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

/** What is refused before anything is looked for leaves its entry all the same. */
export async function recordingRefusal<T>(
  type: 'fs' | 'fcpr',
  request: FastifyRequest,
  { unitOfWork }: Tenant,
  parse: () => Promise<T>,
): Promise<T> {
  try {
    return await parse();
  } catch (error) {
    if (error instanceof DatabaseError || error instanceof OAuthError) {
      const description = error instanceof DatabaseError ? String(error.body.description) : error.message;
      await unitOfWork.transaction(({ log }) => log.write({ type, description }, requesterOf(request)));
    }
    throw error;
  }
}
