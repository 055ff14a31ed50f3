// The one way out (contract OUT-1): every request to an address that somebody stored goes through here. The name is
// resolved once, every address that it has is judged, and only what was judged is connected to: a name that means
// another address a moment later leads nowhere else. No redirect is followed. It knows nothing of what is asked or why.
import { lookup } from 'node:dns/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { reachOf } from './public-address.ts';

export interface OutboundRequest {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface OutboundAnswer {
  status: number;
  headers: Readonly<IncomingMessage['headers']>;
  body: Buffer;
}

export interface Outbound {
  /**
   * Any answer is one, a redirect too. Throws OutboundRefused, and nothing was sent, or OutboundFailed: another try
   * may succeed.
   */
  send(request: OutboundRequest): Promise<OutboundAnswer>;
}

/** The address may not be asked; the message says why, for a log. */
export class OutboundRefused extends Error {
  override name = 'OutboundRefused';
}

/** No answer: the name is unknown, nobody listens, it took too long or was too large, the certificate is not its own. */
export class OutboundFailed extends Error {
  override name = 'OutboundFailed';
}

/** OUT-1: milliseconds from the resolution of the name to the last byte of the answer. */
const longest = 5000;
/** OUT-1: bytes. */
const largest = 1024 * 1024;

interface Address {
  address: string;
  family: number;
}

export interface OutboundOptions {
  /** Danger: http as well as https, and addresses of this machine and its networks; never link-local ones. */
  insecureAllowPrivate: boolean;
  /** The system's resolver unless given. */
  resolve?(hostname: string): Promise<Address[]>;
}

export function createOutbound({
  insecureAllowPrivate,
  resolve = (hostname) => lookup(hostname, { all: true }),
}: OutboundOptions): Outbound {
  function assertReachable({ address }: Address): void {
    const reach = reachOf(address);
    if (reach === 'public' || (reach === 'private' && insecureAllowPrivate)) return;
    const remedy = reach === 'private' ? ': --insecure-allow-private-outbound would allow it' : '';
    throw new OutboundRefused(`${address} is not a public address${remedy}`);
  }

  async function judgedAddresses({ hostname }: URL, signal: AbortSignal): Promise<Address[]> {
    // The URL's own parser has turned every spelling of an IPv4 address into the usual one.
    const literal = hostname.replace(/^\[(.*)\]$/, '$1');
    const family = isIP(literal);
    const addresses =
      family !== 0 ? [{ address: literal, family }] : await endedBy(signal, resolve(hostname));
    if (addresses.length === 0) throw new OutboundFailed(`${hostname} has no address`);
    for (const address of addresses) assertReachable(address);
    return addresses;
  }

  return {
    async send(request) {
      const url = parseUrl(request.url, insecureAllowPrivate);
      const signal = AbortSignal.timeout(longest);
      try {
        const addresses = await judgedAddresses(url, signal);
        return await exchange(url, request, addresses, signal);
      } catch (cause) {
        if (cause instanceof OutboundRefused || cause instanceof OutboundFailed) throw cause;
        throw new OutboundFailed(`${url.host} did not answer`, { cause });
      }
    },
  };
}

function parseUrl(text: string, allowsHttp: boolean): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && !(allowsHttp && url?.protocol === 'http:')) {
    throw new OutboundRefused('The URL is not an https URL');
  }
  if (url.username !== '' || url.password !== '') throw new OutboundRefused('The URL has a user name');
  return url;
}

async function endedBy<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([work, promise]);
}

function exchange(
  url: URL,
  { method = 'GET', headers = {}, body }: OutboundRequest,
  addresses: Address[],
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { 'user-agent': 'freehold', ...headers },
      lookup: answering(addresses),
      // A connection of its own, and no proxy: what is connected to is what was judged.
      agent: false,
      signal,
    };
    const onAnswer = (answer: IncomingMessage) => readAnswer(answer).then(resolve, reject);
    const request: ClientRequest =
      url.protocol === 'https:'
        ? // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
          httpsRequest(url, { ...options, rejectUnauthorized: true, minVersion: 'TLSv1.2' }, onAnswer)
        : httpRequest(url, options, onAnswer);
    request.on('error', reject);
    request.end(body);
  });
}

function answering(addresses: Address[]): LookupFunction {
  return (_hostname, { all }, done) => {
    const [first] = addresses;
    if (all) done(null, addresses);
    else done(null, first?.address ?? '', first?.family);
  };
}

async function readAnswer(answer: IncomingMessage): Promise<OutboundAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) {
      answer.destroy();
      throw new OutboundFailed(`The answer is larger than ${largest} bytes`);
    }
    chunks.push(chunk);
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) };
}
