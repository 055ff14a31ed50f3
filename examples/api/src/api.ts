// Orders, each of the user whom the token is about. Who may do what is said by two lines of middleware; no handler
// runs without a verified token that has the scope.

import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { auth, requiredScopes, UnauthorizedError } from 'express-oauth2-jwt-bearer';

export interface ApiSettings {
  /** With trailing slash, as it stands in the tokens. */
  issuer: string;
  /** The API's identifier: only tokens for it are taken. */
  audience: string;
}

interface Order {
  user: string;
  item: string;
}

export function createApi({ issuer, audience }: ApiSettings): Express {
  const orders: Order[] = [];
  const api = express();
  api.use(auth({ issuerBaseURL: issuer, audience }));
  api.use(express.json());

  api.get('/orders', requiredScopes('read:orders'), (request, response) => {
    response.json(orders.filter(({ user }) => user === userOf(request)));
  });

  api.post('/orders', requiredScopes('write:orders'), (request, response) => {
    const order = { user: userOf(request), item: String(request.body?.item) };
    orders.push(order);
    response.status(201).json(order);
  });

  api.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (!(error instanceof UnauthorizedError)) return next(error);
    // RFC 6750 §3: WWW-Authenticate says what is wrong with the token.
    response.status(error.status).set(error.headers).json({ message: error.message });
  });
  return api;
}

/** RFC 9068 §2.2: every access token says whom it is about. */
function userOf({ auth }: Request): string {
  return String(auth?.payload.sub);
}
