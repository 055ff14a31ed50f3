// Requests byte by byte, for what an HTTP library would refuse to send or would put right on the way.
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 where the server closed the connection without an answer. */
  status: number;
  /** Names in lower case. */
  headers: Map<string, string>;
  text: string;
}

/**
 * Sends the bytes on a connection of their own, and takes what comes until the server closes it. `patience`: after so
 * many milliseconds of silence we hang up, for a request that is not complete or does not ask to close.
 */
export function sendRaw(port: number, request: string | Buffer, patience = 60_000): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    socket.setTimeout(patience, () => socket.end());
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A server that has said all it will say need not read the rest.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(parseAnswer(Buffer.concat(chunks)));
      else reject(error);
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => resolve(parseAnswer(Buffer.concat(chunks))));
  });
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const answer = bytes.toString();
  const [head = '', ...body] = answer.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0),
    headers: new Map(headers),
    text: body.join('\r\n\r\n'),
  };
}
