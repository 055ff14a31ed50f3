// The device flow, as a test drives it: the device asks for codes and polls; a person enters one in a browser.
import { Agent, type Answer } from './agent.ts';
import { password, sampleTenant, spa, type Tokens } from './flow.ts';
import type { Freehold } from './server.ts';

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

export const television = {
  ...spa,
  name: 'Television',
  client_id: 'tv',
  app_type: 'native',
  callbacks: [],
  web_origins: ['https://tv.example'],
  allowed_origins: [],
  grant_types: [deviceGrant, 'refresh_token'],
};

/** The sample tenant with a client for devices. `tenant` are settings of it. */
export function deviceTenant(tenant: Record<string, unknown> = {}): Record<string, unknown> {
  const sample = sampleTenant({ tenant: { friendly_name: 'Acme', ...tenant } });
  return { ...sample, clients: [...(sample.clients as unknown[]), television] };
}

export interface Codes {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
  expires_in: number;
  interval: number;
}

type Overrides = Record<string, string | undefined>;

function given(fields: Overrides): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

export function requestCodes(
  { issuer }: Pick<Freehold, 'issuer'>,
  overrides: Overrides = {},
): Promise<Answer> {
  const fields = given({ client_id: 'tv', scope: 'openid profile', ...overrides });
  return new Agent(issuer).postForm('/oauth/device/code', fields);
}

export async function getCodes(
  freehold: Pick<Freehold, 'issuer'>,
  overrides: Overrides = {},
): Promise<Codes> {
  const answer = await requestCodes(freehold, overrides);
  if (answer.status !== 200) throw new Error(`No codes: ${answer.status} ${answer.text}`);
  return JSON.parse(answer.text) as Codes;
}

export function poll(
  { issuer }: Pick<Freehold, 'issuer'>,
  { device_code }: Pick<Codes, 'device_code'>,
  overrides: Overrides = {},
): Promise<Answer> {
  const fields = given({ grant_type: deviceGrant, client_id: 'tv', device_code, ...overrides });
  return new Agent(issuer).postForm('/oauth/token', fields);
}

/** Confirms the code, logs in if the agent has not yet, and ends at what the person sees then. */
export async function activate(
  agent: Agent,
  { verification_uri_complete }: Pick<Codes, 'verification_uri_complete'>,
  username = 'ada@example.com',
): Promise<Answer> {
  const confirmation = await agent.open(verification_uri_complete);
  const next = await agent.follow(await agent.submit(confirmation, { action: 'accept' }));
  if (!next.text.includes('name="username"')) return next;
  return agent.follow(await agent.submit(next, { username, password, action: 'default' }));
}

/** The whole flow. */
export async function getDeviceTokens(
  freehold: Pick<Freehold, 'issuer'>,
  overrides: Overrides = {},
): Promise<{ tokens: Tokens; codes: Codes; agent: Agent }> {
  const agent = new Agent(freehold.issuer);
  const codes = await getCodes(freehold, overrides);
  await activate(agent, codes);
  const answer = await poll(freehold, codes);
  if (answer.status !== 200) throw new Error(`No tokens: ${answer.status} ${answer.text}`);
  return { tokens: JSON.parse(answer.text) as Tokens, codes, agent };
}

/** The heading of a page. */
export function headingOf({ text }: Answer): string | undefined {
  return /<h1[^>]*>(.*?)<\/h1>/.exec(text)?.[1];
}
