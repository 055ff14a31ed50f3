// A browser without scripts: keeps cookies, does not follow redirects by itself, fills in forms as a person would.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { holdAgainstOpenApi } from './openapi.ts';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The Location header, absolute. */
  location: URL | undefined;
  json(): Record<string, unknown>;
}

export interface Sending {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export class Agent {
  readonly issuer: string;
  readonly cookies = new Map<string, string>();
  readonly #port: string;
  readonly #speaksHttps: boolean;

  /** `port`: where the server listens for http, if it is not reached at the issuer itself (behind a proxy). */
  constructor(issuer: string, port?: number | string) {
    const url = new URL(issuer);
    this.issuer = issuer;
    this.#port = String(port ?? url.port);
    this.#speaksHttps = port === undefined && url.protocol === 'https:';
  }

  /** The same browser, with the cookies that it has now, at a server of the same issuer that listens elsewhere. */
  atPort(port: number): Agent {
    const agent = new Agent(this.issuer, port);
    for (const [name, value] of this.cookies) agent.cookies.set(name, value);
    return agent;
  }

  /** `target`: a path on the server, or a URL on it. Cookies go along and are kept. */
  async send(target: string | URL, { method = 'GET', headers = {}, body }: Sending = {}): Promise<Answer> {
    const url = new URL(target, this.issuer);
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const request = this.#speaksHttps ? httpsRequest : httpRequest;
    const answer = await sendRequest(request, url, this.#port, {
      method,
      headers: { ...(cookie === '' ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const isJson = headers['content-type']?.startsWith('application/json');
    this.judge(method, url, answer, isJson ? body : undefined);
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(line);
    return answer;
  }

  /** @throws if the answer is not what Auth0's API would give. Who talks to another server passes it over. */
  protected judge(
    method: string,
    { pathname: path }: URL,
    { status, headers, text }: Answer,
    sent?: string,
  ): void {
    holdAgainstOpenApi({ method, path, status, contentType: headers['content-type'], text, sent });
  }

  #keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';');
    const [name = '', value = ''] = pair.split('=');
    const expires = attributes.find((attribute) => /^ *expires=/i.test(attribute))?.split('=')[1];
    if (expires !== undefined && Date.parse(expires) <= 0) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  postForm(
    target: string | URL,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.send(target, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  }

  postJson(target: string | URL, value: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof value === 'string' ? value : JSON.stringify(value),
    });
  }

  /** Sends the page's own form with the given fields beside its hidden ones. */
  submit(
    page: Answer,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const form = /<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/.exec(page.text);
    if (form?.[1] === undefined || form[2] === undefined)
      throw new Error(`The page has no form: ${page.text.slice(0, 300)}`);
    const hidden = [...form[2].matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => [
      decodeHtml(/name="([^"]*)"/.exec(tag)?.[1] ?? ''),
      decodeHtml(/value="([^"]*)"/.exec(tag)?.[1] ?? ''),
    ]);
    return this.postForm(decodeHtml(form[1]), { ...Object.fromEntries(hidden), ...fields }, headers);
  }

  /** Follows redirects within the server; returns the first answer that is none, or leads elsewhere. */
  async follow(answer: Answer): Promise<Answer> {
    let current = answer;
    for (let hops = 0; hops < 10; hops += 1) {
      const { location } = current;
      if (location === undefined || location.origin !== new URL(this.issuer).origin) return current;
      if (location.pathname.startsWith('/try')) return current;
      current = await this.send(location);
    }
    throw new Error('The server redirects in a circle');
  }

  async open(target: string | URL): Promise<Answer> {
    return this.follow(await this.send(target));
  }

  /** From an authorization URL through the login page to the answer at the callback. */
  async logIn(authorizationUrl: string | URL, username: string, password: string): Promise<Answer> {
    const page = await this.open(authorizationUrl);
    return this.follow(await this.submit(page, { username, password, action: 'default' }));
  }

  async signUp(authorizationUrl: string | URL, email: string, password: string): Promise<Answer> {
    const page = await this.open(authorizationUrl);
    return this.follow(await this.submit(page, { email, password }));
  }
}

export function decodeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function sendRequest(
  send: typeof httpRequest,
  url: URL,
  port: string,
  { method, headers, body }: Sending,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = send(
      {
        host: '127.0.0.1',
        port,
        path: `${url.pathname}${url.search}`,
        method,
        headers: {
          host: url.host,
          // Of a DELETE Node does not tell the length by itself.
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const { location } = response.headers;
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            location: location === undefined ? undefined : new URL(location, url),
            json: () => JSON.parse(text) as Record<string, unknown>,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
