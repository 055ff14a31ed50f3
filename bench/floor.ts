// The floor: Node's own HTTP server, which answers /userinfo with what stands in the program. Nothing is read, opened or
// asked of a database: what this costs, every server on Node pays before its own work begins.
import { createServer } from 'node:http';
import { people } from './flow.ts';

const issuer = process.argv[2]!;
const body = JSON.stringify({ sub: 'floor', ...people[0] });
const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };

const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
server.listen(Number(new URL(issuer).port), '127.0.0.1', () => console.log('The floor is ready'));
process.once('SIGTERM', () => process.exit(0));
