// What both servers are asked: the same paths, parameters and people. Each operation feeds the next one, so that no
// code and no refresh token comes twice.
import { createHash } from 'node:crypto';
import type { Response } from './connection.ts';

export const operations = [
  'authorize',
  'code exchange',
  'refresh',
  'userinfo',
  'client credentials',
] as const;
export type Operation = (typeof operations)[number];

/** Of the Management API, which the peer has none of: a page of the list, and a change of one person. */
export const managementOperations = ['GET /api/v2/users', 'PATCH /api/v2/users/{id}'] as const;
export type ManagementOperation = (typeof managementOperations)[number];

export const algorithms = ['RS256', 'ES256'] as const;
/** One public client for each, whose ID tokens are signed with it. */
export type Algorithm = (typeof algorithms)[number];
export const clientIdOf = (alg: Algorithm) => `bench-${alg.toLowerCase()}`;

/** A confidential client that acts for itself, and for each algorithm an API whose JWT access tokens it signs. */
export const machine = {
  client_id: 'bench-machine',
  client_secret: 'a-secret-of-the-bench-that-is-64-characters-long-0123456789abcdef',
};
export const audienceOf = (alg: Algorithm) => `https://${alg.toLowerCase()}.example/`;

/** The tenant file means this server's own by it. */
export const managementAudience = 'https://bench.example/api/v2/';

export const paths = { authorization: '/authorize', token: '/oauth/token', userinfo: '/userinfo' };
export const scope = 'openid profile email offline_access';
export const redirect_uri = 'https://app.example/callback';
export const password = 'Correct-horse-1';

/** People who are signed in, each in a browser of their own; their sessions take turns. */
export const people = Array.from({ length: 100 }, (_, index) => ({
  user_id: `bench${index}`,
  email: `person${index}@example.com`,
  email_verified: true,
  name: `Person ${index}`,
  given_name: 'Person',
  family_name: String(index),
  nickname: `person${index}`,
  picture: `https://example.com/${index}.png`,
}));

// The protocol's work is what is measured: one pair is as good as thousands.
const code_verifier = 'a-code-verifier-of-43-characters-0123456789';
const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');

export function authorizationQuery(alg: Algorithm, more: Record<string, string>): string {
  const parameters = {
    response_type: 'code',
    client_id: clientIdOf(alg),
    redirect_uri,
    scope,
    state: 'a-state-of-the-application',
    nonce: 'a-nonce-of-the-application',
    code_challenge,
    code_challenge_method: 'S256',
    ...more,
  };
  return `${paths.authorization}?${new URLSearchParams(parameters)}`;
}

/** What the clients of one server and one algorithm hold between two operations. */
export class Holdings {
  readonly #alg: Algorithm;
  readonly #host: string;
  readonly #cookies: string[];
  #codes: string[] = [];
  #refreshTokens: string[] = [];
  #accessTokens: string[] = [];

  constructor(alg: Algorithm, host: string, cookies: string[]) {
    this.#alg = alg;
    this.#host = host;
    this.#cookies = cookies;
  }

  /** As many requests, ready to be sent; what is held is taken from here. */
  requests(operation: Operation, count: number): string[] {
    if (operation === 'authorize') {
      const query = authorizationQuery(this.#alg, { prompt: 'none' });
      return Array.from({ length: count }, (_, index) =>
        this.#get(query, `Cookie: ${this.#cookies[index % this.#cookies.length]}`),
      );
    }
    if (operation === 'code exchange') {
      return this.#take(this.#codes, count).map((code) =>
        this.#post({ grant_type: 'authorization_code', code, redirect_uri, code_verifier }),
      );
    }
    if (operation === 'refresh') {
      return this.#take(this.#refreshTokens, count).map((refresh_token) =>
        this.#post({ grant_type: 'refresh_token', refresh_token }),
      );
    }
    if (operation === 'userinfo') {
      return this.#take(this.#accessTokens, count).map((token) => userinfoRequest(token, this.#host));
    }
    const audience = audienceOf(this.#alg);
    // Each server passes over the parameter that is the other's.
    const request = this.#post({
      grant_type: 'client_credentials',
      ...machine,
      audience,
      resource: audience,
    });
    return Array<string>(count).fill(request);
  }

  /** Keeps what the answers give; throws if one is not the answer that the operation has to have. */
  receive(operation: Operation, responses: Response[]): void {
    if (operation === 'authorize') {
      this.#codes = responses.map((response) => codeIn(response));
    } else if (operation === 'userinfo') {
      this.#accessTokens = [];
      for (const response of responses) assertClaims(response);
    } else if (operation === 'client credentials') {
      for (const response of responses) assertJwtAccessToken(response, this.#alg);
    } else {
      const tokens = responses.map((response) => tokensIn(response));
      this.#refreshTokens = tokens.map(({ refresh_token }) => refresh_token);
      this.#accessTokens = tokens.map(({ access_token }) => access_token);
    }
  }

  #take(held: string[], count: number): string[] {
    if (held.length < count) throw new Error(`Only ${held.length} of ${count} are there to be sent`);
    return held.splice(0, count);
  }

  #get(target: string, header: string): string {
    return get(target, this.#host, header);
  }

  #post(parameters: Record<string, string>): string {
    const body = new URLSearchParams({ client_id: clientIdOf(this.#alg), ...parameters }).toString();
    const head = `POST ${paths.token} HTTP/1.1\r\nHost: ${this.#host}\r\n`;
    return `${head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  }
}

function get(target: string, host: string, header: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${header}\r\n\r\n`;
}

function userinfoRequest(access_token: string, host: string): string {
  return get(paths.userinfo, host, `Authorization: Bearer ${access_token}`);
}

/** As long as Freehold's. */
const tokenOfNobody = 'x'.repeat(450);

export function floorRequests(count: number, host: string): string[] {
  return Array<string>(count).fill(userinfoRequest(tokenOfNobody, host));
}

/** As many requests of an administrator's script, by this access token. */
export function managementRequests(
  operation: ManagementOperation,
  count: number,
  { host, access_token }: { host: string; access_token: string },
): string[] {
  const head = `Host: ${host}\r\nAuthorization: Bearer ${access_token}`;
  if (operation === 'GET /api/v2/users') {
    return Array<string>(count).fill(
      `GET /api/v2/users?page=0&per_page=50&include_totals=true HTTP/1.1\r\n${head}\r\n\r\n`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const body = JSON.stringify({ user_metadata: { turn: index } });
    const user_id = encodeURIComponent(`auth0|${people[index % people.length]?.user_id}`);
    return `PATCH /api/v2/users/${user_id} HTTP/1.1\r\n${head}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  });
}

export function assertManaged({ status, head, body }: Response): void {
  if (status !== 200 || !body.includes('"user_id"'))
    throw new Error(`Not the answer to measure:\n${head}\n\n${body}`);
}

function codeIn(response: Response): string {
  const code = /\r\nlocation: [^\r]*[?&]code=([^&\r]+)/i.exec(response.head)?.[1];
  if (code === undefined) throw unexpected(response);
  return code;
}

function tokensIn(response: Response): { access_token: string; refresh_token: string } {
  if (response.status !== 200) throw unexpected(response);
  const { access_token, refresh_token, id_token } = JSON.parse(response.body) as Record<string, string>;
  if (!access_token || !refresh_token || !id_token) throw unexpected(response);
  return { access_token, refresh_token };
}

export function assertClaims(response: Response): void {
  if (response.status !== 200 || !response.body.includes('"email_verified":true')) throw unexpected(response);
}

function assertJwtAccessToken(response: Response, alg: Algorithm): void {
  const { access_token = '' } = JSON.parse(response.body) as Record<string, string>;
  const [header = ''] = access_token.split('.');
  const isSigned = Buffer.from(header, 'base64url').toString().includes(`"alg":"${alg}"`);
  if (response.status !== 200 || !isSigned) throw unexpected(response);
}

function unexpected({ head, body }: Response): Error {
  return new Error(`Not the answer to measure:\n${head}\n\n${body}`);
}
