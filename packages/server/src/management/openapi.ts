// The description of what is served (OpenAPI 3.1), derived from the schemas that requests are judged by and answers
// are stripped to: it cannot differ from them.
import { z } from 'zod';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

export interface Operation {
  summary: string;
  tags: string[];
  security: { bearer: string[] }[];
  parameters: Parameter[];
  requestBody?: { required: true; content: { 'application/json': { schema: Json } } };
  responses: Record<string, Json>;
}

interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  schema: Json;
}

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: Json;
}

export function describeRoutes(routes: readonly Route[], issuer: string): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describe(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Management API',
      version: '2.0',
      description: 'Auth0’s Management API v2, as far as this server has it.',
    },
    servers: [{ url: `${issuer}api/v2` }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function describe(route: Route): Operation {
  const { summary, path, scopes, currentUser, status, body, method } = route;
  return {
    summary,
    tags: [path.split('/')[1] ?? ''],
    security: [...scopes, ...(currentUser?.scopes ?? [])].map((scope) => ({ bearer: [scope] })),
    parameters: parametersOf(route),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: {
      [status]: {
        description: status === 204 ? 'Done' : 'The answer',
        ...(status === 204
          ? {}
          : { content: { 'application/json': { schema: schemaOf(route.response, 'output') } } }),
      },
      ...refusals(route, method),
    },
  };
}

function refusals({ body, params, query }: Route, method: Route['method']): Record<string, Json> {
  const words: Record<number, string> = {
    ...(body || params || query ? { 400: 'What was sent is not well-formed' } : {}),
    401: 'The token is missing, invalid or expired',
    403: 'The token does not have the scope',
    ...(method === 'PATCH' || method === 'PUT' ? { 412: 'Somebody else changed it: If-Match' } : {}),
    429: 'Too many requests',
  };
  return Object.fromEntries(Object.entries(words).map(([status, description]) => [status, { description }]));
}

function parametersOf({ params, query, fields }: Route): Parameter[] {
  const chosen: Parameter[] = fields
    ? [
        { name: 'fields', in: 'query', required: false, schema: { type: 'string' } },
        { name: 'include_fields', in: 'query', required: false, schema: { type: 'boolean' } },
      ]
    : [];
  return [...membersOf(params, 'path'), ...membersOf(query, 'query'), ...chosen];
}

function membersOf(schema: z.ZodType | undefined, place: Parameter['in']): Parameter[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, described]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: described,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  // What a transform makes of a value has no description of its own; `secret` and its like are ours alone.
  const { $schema, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return withoutMarks(described) as Json;
}

const marks = ['secret', 'noEffect'];

function withoutMarks(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(
    ([name, member]) => !(marks.includes(name) && member === true),
  );
  return Object.fromEntries(members.map(([name, member]) => [name, withoutMarks(member)]));
}
