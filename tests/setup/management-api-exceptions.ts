// Where recordings of Auth0, or this server with the contract, depart from Auth0's OpenAPI description of the Management API.
import type { Exception } from './openapi.ts';

export const managementApiExceptions: Exception[] = [
  { row: 'GL-4', why: 'the database is away, at any path', of: { kind: 'status', status: 503 } },
  { row: 'GL-2', why: 'a Host that is not the issuer’s', of: { kind: 'status', status: 421 } },
  { row: '§3.1', why: 'what is not well-formed, at any path', of: { kind: 'status', status: 400 } },
  { row: '§3.1', why: 'a body that is too large', of: { kind: 'status', status: 413 } },
  { row: '§3.1', why: 'a body that is neither JSON nor a form', of: { kind: 'status', status: 415 } },
  {
    row: '§3.1',
    why: 'If-Match, where somebody else was there before',
    of: { kind: 'status', status: 412 },
  },
  {
    row: '§3.1',
    why: 'a query that is not understood',
    of: { kind: 'status', status: 400, method: 'GET', path: '/client-grants' },
  },
  {
    row: '§3.3',
    why: 'recorded: token_lifetime_for_web is accepted',
    of: { kind: 'request', detail: ' must not have token_lifetime_for_web' },
  },
  {
    row: '§1.3',
    why: 'recorded: when a connection was deleted, while its users still are',
    of: { kind: 'body', method: 'DELETE', path: '/connections/{id}', status: 202 },
  },
  {
    row: '§3.6',
    why: 'recorded: a role has a type, and an owner',
    of: { kind: 'request', path: '/roles', detail: / must not have (?:type|owner_id)/ },
  },
  {
    row: '§3.6',
    why: 'recorded: a role that was made with null for its description',
    of: { kind: 'body', method: 'POST', path: '/roles', detail: '/description must be string' },
  },
  {
    row: '§3.6',
    why: 'a name that another role or organization has, in a change of one too',
    of: { kind: 'status', status: 409, method: 'PATCH', path: /^\/(?:roles|organizations)\/\{id\}$/ },
  },
  {
    row: '§3.6',
    why: 'what does not exist is not found, by whichever operation; nor is what has a name that is too long',
    of: { kind: 'status', status: 404, path: /\{/ },
  },
  {
    row: '§3.6',
    why: 'a connection that the organization has already, by either name',
    of: {
      kind: 'status',
      status: 409,
      method: 'POST',
      path: '/organizations/{id}/enabled_connections',
    },
  },
  {
    row: '§3.6',
    why: 'recorded: an organization of an entitlement',
    of: { kind: 'request', path: '/organizations', detail: ' must not have is_app_entitlement_active' },
  },
  {
    row: '§3.7',
    why: 'recorded: lifetimes of parts of an hour',
    of: { kind: 'body', path: '/tenants/settings', detail: /_session_lifetime must be number 1\.\./ },
  },
  {
    row: '§3.7',
    why: 'recorded: a third stage',
    of: { kind: 'request', detail: '/stage must not have pre-custom-token-exchange' },
  },
  {
    row: '§3.1',
    why: 'a query that lacks whose grants they are',
    of: { kind: 'status', status: 400, method: 'DELETE', path: '/grants' },
  },
  {
    row: '§3.5',
    why: 'there is no such user',
    of: { kind: 'status', status: 404, method: 'POST', path: '/users/{id}/revoke-access' },
  },
];
