// One call of the Management API: what is sent, what comes back, and the same call for a terminal.
import { settings } from '../settings.ts';
import { ApiError } from './api-error.ts';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiRequest {
  method: Method;
  /** After `/api/v2`; its parts encoded: see `path`. */
  path: string;
  query?: Query | undefined;
  body?: unknown;
  /** Instead of a body: the parts of a form, with a file among them. */
  form?: Readonly<Record<string, string | File>> | undefined;
  /** RFC 9110 §13.1.1: the ETag of what was shown; the server refuses (412) if it has changed since. */
  ifMatch?: string | undefined;
}

export interface ApiAnswer<T> {
  value: T;
  etag: string | undefined;
}

/** path`/users/${user_id}/roles`: every value in it is one segment, whatever it contains. */
export function path(strings: TemplateStringsArray, ...values: string[]): string {
  return strings.reduce((built, text, index) => built + encodeURIComponent(values[index - 1] ?? '') + text);
}

/** Without what is undefined or empty. */
function queryString(query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return '';
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** Throws ApiError for whatever is no success. */
export async function send<T>(
  request: ApiRequest,
  token: string,
  signal?: AbortSignal,
): Promise<ApiAnswer<T>> {
  const { method, ifMatch } = request;
  const { type, content } = contentOf(request);
  const answer = await fetch(`/api/v2${request.path}${queryString(request.query)}`, {
    method,
    credentials: 'omit',
    cache: 'no-store',
    headers: {
      authorization: `Bearer ${token}`,
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    },
    ...(content === undefined ? {} : { body: content }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError({ status: 0, message: 'The server cannot be reached', request, cause });
  });
  if (!answer.ok) throw await refusal(request, answer);
  const text = await answer.text();
  return {
    value: (text === '' ? undefined : JSON.parse(text)) as T,
    etag: answer.headers.get('etag') ?? undefined,
  };
}

/** The browser says the type of a form by itself, with its boundary. */
function contentOf({ body, form }: ApiRequest): { type?: string; content?: string | FormData } {
  if (form !== undefined) {
    const content = new FormData();
    for (const [name, part] of Object.entries(form)) content.set(name, part);
    return { content };
  }
  return body === undefined ? {} : { type: 'application/json', content: JSON.stringify(body) };
}

async function refusal(request: ApiRequest, answer: Response): Promise<ApiError> {
  const said: unknown = await answer.json().catch(() => undefined);
  const { message, errorCode } = (typeof said === 'object' && said !== null ? said : {}) as {
    message?: string;
    errorCode?: string;
  };
  return new ApiError({
    status: answer.status,
    message: message ?? answer.statusText,
    errorCode,
    challenge: answer.headers.get('www-authenticate') ?? undefined,
    retryAfter: Number(answer.headers.get('retry-after')) || undefined,
    request,
  });
}

/** For a POSIX shell, with the token in $TOKEN. */
export function curl({ method, path, query, body, form = {}, ifMatch }: ApiRequest): string {
  const lines = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} ${quoted(`${settings.issuer}api/v2${path}${queryString(query)}`)}`,
  ];
  lines.push('-H "Authorization: Bearer $TOKEN"');
  if (ifMatch !== undefined) lines.push(`-H ${quoted(`If-Match: ${ifMatch}`)}`);
  if (body !== undefined)
    lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  for (const [name, part] of Object.entries(form))
    lines.push(
      typeof part === 'string'
        ? `--form-string ${quoted(`${name}=${part}`)}`
        : `-F ${quoted(`${name}=@${part.name}`)}`,
    );
  return lines.join(' \\\n  ');
}

/** One word of a POSIX shell, whatever stands in it: names were chosen by others. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
