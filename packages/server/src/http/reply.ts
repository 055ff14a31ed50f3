// What a route answers, as a value; one function writes it. Headers that every answer carries are security.ts's.
import type { FastifyReply } from 'fastify';
import type { Cookie } from './cookies.ts';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
  cookies?: Cookie[];
}

/** RFC 6749 §5.1: answers with tokens or secrets are never stored. */
export const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' };

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** RFC 9700 §4.12: never 307, which would post credentials again. 302 answers a GET, 303 a POST. */
export function redirect(location: string, status: 302 | 303 = 302, cookies: Cookie[] = []): Reply {
  return { status, headers: { location, ...noStore }, body: '', cookies };
}

export function send(reply: FastifyReply, { status, headers, body, cookies = [] }: Reply): FastifyReply {
  for (const { name, value, options } of cookies) reply.setCookie(name, value, options);
  // Without content there is no type of it: a string, even an empty one, would get text/plain.
  return reply
    .code(status)
    .headers(headers)
    .send(body === '' ? undefined : body);
}
