// Auth0's /passwordless/start (contract PS-*): has a code or a link sent to the user. The answer is the same for whoever is a
// user and whoever is none, and never holds what was sent.

import { type Client, isPublicClient } from '../../model/client.ts';
import { isDatabase, type PasswordlessConnection } from '../../model/connection.ts';
import { aboutClient } from '../../model/events.ts';
import type { TenantSettings } from '../../model/tenant.ts';
import { isEmail, normalizedEmail, phoneNumberPattern } from '../../model/user.ts';
import type { Random } from '../../runtime/random.ts';
import { BadProperty, InvalidClient, reflected, TooManyRequests } from '../errors.ts';
import type { Parameters } from '../parameters.ts';
import type { OAuthStores, UnitOfWork } from '../ports.ts';
import { recordRefusal } from '../record-refusal.ts';
import {
  authenticateClient,
  type ClientAuthenticationPorts,
  type ClientRequest,
} from '../token/client-authentication.ts';
import type { EmbeddedLogins } from '../token/grants/embedded-login.ts';

export interface PasswordlessStartPorts extends ClientAuthenticationPorts {
  unitOfWork: UnitOfWork<OAuthStores>;
  embeddedLogins: EmbeddedLogins;
  settings: TenantSettings;
  random: Random;
}

/** PS-2. `_id` names nobody: it is drawn anew each time. */
export type PasswordlessStarted = { _id: string } & (
  | { email: string; email_verified: false }
  | { phone_number: string; phone_verified: false }
);

const allowed = new Set([
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'connection',
  'email',
  'phone_number',
  'send',
  'authParams',
]);

/** How long who asked too often is told to wait, in milliseconds: the limits are by the hour. */
const pause = 3_600_000;

/** Throws BadProperty, InvalidClient, InvalidRequest or TooManyRequests. */
export async function startPasswordless(
  request: ClientRequest,
  ports: PasswordlessStartPorts,
): Promise<PasswordlessStarted> {
  const { requester } = request;
  const { client, connection, identifier, authParams } = await admit(request, ports);
  const code = { client, connection, identifier, authParams, requester };
  if (!(await ports.embeddedLogins.sendCode(code))) {
    throw new TooManyRequests(pause);
  }
  const _id = ports.random.hex(12);
  return connection.strategy === 'sms'
    ? { _id, phone_number: identifier, phone_verified: false }
    : { _id, email: identifier, email_verified: false };
}

async function admit(request: ClientRequest, ports: PasswordlessStartPorts) {
  const { parameters, requester } = request;
  let client: Client | undefined;
  try {
    assertAllowed(parameters);
    client = await findClient(request, ports);
    const connection = await findConnection(parameters, client, ports);
    const authParams = parseAuthParams(parameters);
    const identifier = parseRecipient(parameters, connection);
    const isLink = sendsLink(parameters, connection);
    return { client, connection, identifier, authParams: isLink ? authParams : undefined };
  } catch (error) {
    await recordRefusal(error, { type: 'f', ...aboutClient(client) }, requester, ports);
    throw error;
  }
}

function assertAllowed(parameters: Parameters): void {
  const others = parameters.names.filter((name) => !allowed.has(name));
  if (others.length === 0) return;
  const names = reflected(others.join(', '));
  throw new BadProperty('request', `the following properties are not allowed: ${names}`);
}

/** PS-5: a confidential client need not authenticate unless the tenant asks for it; who tries must succeed. */
async function findClient(request: ClientRequest, ports: PasswordlessStartPorts): Promise<Client> {
  const { parameters, authorization } = request;
  const client_id = parameters.get('client_id');
  const tries =
    authorization !== undefined ||
    parameters.get('client_secret') !== undefined ||
    parameters.get('client_assertion') !== undefined;
  if (tries) return authenticateClient(request, ports);
  if (client_id === undefined) throw missing('client_id');
  const client = await ports.unitOfWork.read.clients.find(client_id);
  if (client === undefined) throw new BadProperty('client_id', 'Client does not exist');
  const mustAuthenticate = ports.settings.flags.enforce_client_authentication_on_passwordless_start;
  if (mustAuthenticate && !isPublicClient(client)) {
    throw new InvalidClient('Client authentication failed', { usedBasic: false });
  }
  return client;
}

async function findConnection(
  parameters: Parameters,
  client: Client,
  { unitOfWork }: PasswordlessStartPorts,
): Promise<PasswordlessConnection> {
  const name = parameters.get('connection');
  if (name === undefined) throw missing('connection');
  const { connections } = unitOfWork.read;
  const enabled = await connections.listForClient(client.client_id);
  const connection = enabled.find((each) => each.name === name);
  if (connection === undefined) {
    const exists = (await connections.findByName(name)) !== undefined;
    throw new BadProperty('connection', exists ? 'Connection is disabled' : 'Connection does not exist');
  }
  if (isDatabase(connection)) {
    throw new BadProperty('connection', 'Invalid connection strategy. It must either be sms or email.');
  }
  return connection;
}

function parseRecipient(parameters: Parameters, { strategy }: PasswordlessConnection): string {
  if (strategy === 'sms') return parsePhoneNumber(parameters);
  const email = parameters.get('email')?.trim();
  if (email === undefined) throw missing('email');
  if (!isEmail(email)) throw new BadProperty('email', 'Invalid email address');
  return normalizedEmail(email);
}

function parsePhoneNumber(parameters: Parameters): string {
  const phone_number = parameters.get('phone_number')?.trim();
  if (phone_number === undefined) throw missing('phone_number');
  if (phoneNumberPattern.test(phone_number)) return phone_number;
  throw new BadProperty('phone_number', 'phone_number must be + and 1 to 15 digits');
}

/** PS-1: where nothing is said, a link by mail, and by SMS a code, which is all that there is. */
function sendsLink(parameters: Parameters, { strategy }: PasswordlessConnection): boolean {
  const isSms = strategy === 'sms';
  const send = parameters.get('send') ?? (isSms ? 'code' : 'link');
  if (isSms && send !== 'code') throw new BadProperty('request', "send must be 'code' for SMS");
  if (send !== 'link' && send !== 'code') {
    throw new BadProperty('request', "send must be 'link' or 'code'");
  }
  return send === 'link';
}

/** What the link shall ask /authorize for. Characters of all of it: the link has to fit into a request line. */
const longestAuthParams = 2000;

function parseAuthParams(parameters: Parameters): Record<string, string> {
  const refuse = (problem: string) => new BadProperty('authParams', problem);
  const given = Object.entries(parameters.getObject('authParams', refuse) ?? {});
  if (JSON.stringify(given).length > longestAuthParams) throw refuse('authParams are too long');
  return Object.fromEntries(given.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function missing(property: 'client_id' | 'connection' | 'email' | 'phone_number'): BadProperty {
  return new BadProperty(property, `Missing required property: ${property}`);
}
