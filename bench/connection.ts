// One keep-alive connection that sends a request at a time. Node's own HTTP client costs more processor time than the
// faster server, and would be what is measured; this reads just what the two servers answer: a head and Content-Length.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Response {
  status: number;
  head: string;
  body: string;
}

export class Connection {
  readonly #socket: Socket;
  #received = '';
  #waiting: { resolve(response: Response): void; reject(error: Error): void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    // One character a byte, so that Content-Length counts characters.
    socket.setEncoding('latin1').setNoDelay(true);
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server closed the connection')));
  }

  static async open(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Connection(socket);
  }

  send(request: string): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #receive(text: string): void {
    this.#received += text;
    const headEnd = this.#received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#fail(new Error(`An answer without Content-Length:\n${head}`));
      return;
    }
    const bodyEnd = headEnd + 4 + Number(length);
    if (this.#received.length < bodyEnd) return;
    const body = this.#received.slice(headEnd + 4, bodyEnd);
    this.#received = this.#received.slice(bodyEnd);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    // "HTTP/1.1 200 OK"
    waiting?.resolve({ status: Number(head.slice(9, 12)), head, body });
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
