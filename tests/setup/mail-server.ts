// A mail server for tests: takes SMTP on a loopback port and keeps what came.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers by their lower-case names, unfolded. */
  headers: Map<string, string>;
  text: string;
  html: string;
}

export interface MailServer {
  port: number;
  /** For FREEHOLD_SMTP_URL. */
  url: string;
  mails: ReceivedMail[];
  /** What the next mails are answered with, instead of being taken: the code of a recipient's refusal. */
  refuseWith: number | undefined;
  stop(): Promise<void>;
}

/** With `credentials` nobody may send without them. */
export async function startMailServer(credentials?: { user: string; password: string }): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: credentials === undefined,
    disableReverseLookup: true,
    onAuth({ username, password }, _session, callback) {
      const isRight = username === credentials?.user && password === credentials?.password;
      callback(isRight ? null : new Error('Invalid login'), isRight ? { user: username } : undefined);
    },
    onRcptTo(_address, _session, callback) {
      const { refuseWith } = mailServer;
      if (refuseWith === undefined) callback();
      else callback(Object.assign(new Error('Not now'), { responseCode: refuseWith }));
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          ...parseMail(Buffer.concat(chunks).toString()),
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
        });
        callback();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
  const { port } = smtp.server.address() as AddressInfo;
  const mailServer: MailServer = {
    port,
    url: `smtp://127.0.0.1:${port}`,
    mails,
    refuseWith: undefined,
    stop: () => new Promise((resolve) => smtp.close(resolve)),
  };
  return mailServer;
}

/** Of multipart/alternative, as nodemailer writes it. */
function parseMail(raw: string): Pick<ReceivedMail, 'headers' | 'text' | 'html'> {
  const { headers, body } = split(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1] ?? '';
  const parts = body.split(`--${boundary}`).map((part) => split(part.trimStart()));
  const partOf = (type: string) => {
    const part = parts.find((each) => each.headers.get('content-type')?.startsWith(type));
    return part === undefined
      ? ''
      : decoded(part.body, part.headers.get('content-transfer-encoding')).replaceAll('\r\n', '\n');
  };
  return { headers, text: partOf('text/plain'), html: partOf('text/html') };
}

function split(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const head = end < 0 ? '' : raw.slice(0, end).replace(/\r\n[ \t]+/g, ' ');
  const headers = new Map(
    head.split('\r\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { headers, body: raw.slice(end + 4) };
}

function decoded(body: string, encoding = '7bit'): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
