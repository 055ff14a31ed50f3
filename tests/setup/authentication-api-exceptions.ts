// Where the contract departs from Auth0's OpenAPI description of the Authentication API, with the row that says so.

import type { Exception } from './openapi.ts';

export const authenticationApiExceptions: Exception[] = [
  {
    row: 'AZ-2',
    why: 'OpenID Connect has it by POST too',
    of: { kind: 'method', method: 'POST', path: '/authorize' },
  },
  {
    row: 'UI-9',
    why: 'OpenID Connect has it by POST too',
    of: { kind: 'method', method: 'POST', path: '/userinfo' },
  },
  {
    row: 'LO-7',
    why: 'Auth0’s guide has it by POST too',
    of: { kind: 'method', method: 'POST', path: '/oidc/logout' },
  },
  { row: 'TK-4', why: 'any other method is refused', of: { kind: 'method', status: 405 } },
  { row: 'TK-4', why: 'and finds no page', of: { kind: 'method', status: 404 } },
  {
    row: 'GL-4',
    why: 'and in dialect oidc with 400',
    of: { kind: 'method', path: '/oauth/token', status: 400 },
  },
  { row: 'RL-1', why: 'too many requests, at any path', of: { kind: 'status', status: 429 } },
  { row: 'GL-4', why: 'the database is away, at any path', of: { kind: 'status', status: 503 } },
  { row: 'GL-2', why: 'a Host that is not the issuer’s', of: { kind: 'status', status: 421 } },
  {
    row: 'GL-12',
    why: 'a request line that is too long',
    of: { kind: 'status', path: '/authorize', status: 414 },
  },
  {
    row: 'RM-5',
    why: 'form_post and web_message are pages',
    of: { kind: 'status', path: '/authorize', status: 200 },
  },
  {
    row: 'AZ-50',
    why: 'an error page where nothing can be trusted',
    of: { kind: 'type', path: '/authorize', status: 400 },
  },
  {
    row: 'AZ-59',
    why: 'an error page, as the row before',
    of: { kind: 'type', path: '/authorize', status: 403 },
  },
  { row: 'PA-5', why: 'pushing is disabled', of: { kind: 'status', path: '/oauth/par', status: 404 } },
  { row: 'PA-6', why: 'too much is pushed', of: { kind: 'status', path: '/oauth/par', status: 413 } },
  { row: 'CA-5', why: 'no such client', of: { kind: 'status', path: '/oauth/device/code', status: 401 } },
  { row: 'DV-4', why: 'none for devices', of: { kind: 'status', path: '/oauth/device/code', status: 403 } },
  {
    row: 'PW-1',
    why: 'the tenant has no such directory',
    of: { kind: 'status', path: '/oauth/token', status: 500 },
  },
  {
    row: 'SU-6',
    why: 'these endpoints have a shape of errors of their own',
    of: { kind: 'body', path: '/dbconnections/change_password', status: 400 },
  },
  {
    row: 'SU-6',
    why: 'as the row before',
    of: { kind: 'body', path: '/dbconnections/signup', status: 400 },
  },
  {
    row: 'PS-5',
    why: 'the client does not prove itself',
    of: { kind: 'status', path: '/passwordless/start', status: 401 },
  },
  {
    row: 'DIS-8',
    why: 'no content, where the description has OK',
    of: { kind: 'type', path: '/oauth/revoke', status: 200 },
  },
  {
    row: 'DP-6',
    why: 'token_type DPoP',
    of: {
      kind: 'body',
      path: '/oauth/token',
      status: 200,
      detail: "/token_type must be 'Bearer', not 'DPoP'",
    },
  },
  {
    row: 'DIS-7',
    why: 'dialect oidc: a number of seconds',
    of: { kind: 'body', path: '/userinfo', status: 200, detail: '/updated_at must be string' },
  },
  {
    row: 'UI-4',
    why: 'a request that carries two tokens',
    of: { kind: 'status', path: '/userinfo', status: 400 },
  },
  {
    row: 'UI-5',
    why: 'a token without the scope openid',
    of: { kind: 'status', path: '/userinfo', status: 403 },
  },
  {
    row: 'LO-3',
    why: 'nowhere to return to: a page',
    of: { kind: 'status', path: '/v2/logout', status: 200 },
  },
  {
    row: 'LO-4',
    why: 'returnTo is not allowed: a page',
    of: { kind: 'status', path: '/v2/logout', status: 400 },
  },
  {
    row: 'LO-11',
    why: 'the page that asks, or says so',
    of: { kind: 'status', path: '/oidc/logout', status: 200 },
  },
  {
    row: 'LO-10',
    why: 'hints that contradict: a page',
    of: { kind: 'status', path: '/oidc/logout', status: 400 },
  },
  {
    row: 'DR-2',
    why: 'RFC 7591: what was made is 201',
    of: { kind: 'status', method: 'POST', path: '/oidc/register', status: 201 },
  },
  {
    row: 'DR-3',
    why: 'metadata that is refused',
    of: { kind: 'status', method: 'POST', path: '/oidc/register', status: 400 },
  },
  {
    row: 'DR-1',
    why: 'where nobody may register',
    of: { kind: 'status', method: 'POST', path: '/oidc/register', status: 404 },
  },
];
