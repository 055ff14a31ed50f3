// What the Management API is, for programs and for people: its OpenAPI description and a page made of that.
import type { FastifyInstance } from 'fastify';
import { routes } from '../../management/index.ts';
import { describeRoutes, type OpenApiDocument, type Operation } from '../../management/openapi.ts';
import {
  type ReferenceField,
  type ReferenceOperation,
  renderApiReference,
} from '../../pages/api-reference.tsx';
import { publicCors } from '../cors.ts';
import { errorPageHandler } from '../error-pages.ts';
import { page, pageContext } from '../page-context.ts';
import { json, type Reply, send } from '../reply.ts';
import type { Tenant } from '../tenant.ts';
import { managementPath } from './management.ts';

export function addApiDescriptionRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(errorPageHandler(tenant));
  // Made when somebody asks first, and then kept: it costs more than a start may.
  let described: { document: Reply; reference: Reply } | undefined;
  const answers = () => {
    described ??= describe(tenant);
    return described;
  };
  server.get(`${managementPath}/openapi.json`, async (_request, reply) => send(reply, answers().document));
  server.get(`${managementPath}/docs`, async (_request, reply) => send(reply, answers().reference));
}

function describe(tenant: Tenant): { document: Reply; reference: Reply } {
  const document = describeRoutes(routes, tenant.issuer);
  const reference = renderApiReference({
    page: pageContext(tenant),
    url: document.servers[0]?.url ?? '',
    subjects: subjectsOf(document),
  });
  return { document: json(document, 200, publicCors), reference: page(reference) };
}

function subjectsOf({ paths }: OpenApiDocument): { name: string; operations: ReferenceOperation[] }[] {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const bySubject = Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? '');
  return [...bySubject]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, members]) => ({
      name,
      operations: members.map(({ path, method, operation }) => readable(method, path, operation)),
    }));
}

function readable(method: string, path: string, operation: Operation): ReferenceOperation {
  const { summary, security, parameters, requestBody, responses } = operation;
  return {
    method,
    path,
    summary,
    scopes: security.flatMap(({ bearer }) => bearer),
    parameters: parameters.map(({ name, required, schema }) => fieldOf(name, required, schema)),
    body: fieldsOf(requestBody?.content['application/json'].schema),
    status: Object.keys(responses)[0] ?? '',
  };
}

interface Described {
  type?: string;
  enum?: unknown[];
  const?: unknown;
  items?: Described;
  anyOf?: Described[];
  properties?: Record<string, Described>;
  required?: string[];
  description?: string;
}

function fieldsOf(schema: Described | undefined): ReferenceField[] {
  const { properties = {}, required = [] } = schema ?? {};
  return Object.entries(properties).map(([name, member]) => fieldOf(name, required.includes(name), member));
}

function fieldOf(name: string, required: boolean, schema: Described): ReferenceField {
  return { name, required, type: typeInWords(schema), description: schema.description };
}

function typeInWords({ type, enum: values, const: constant, items, anyOf }: Described): string {
  if (values !== undefined) return values.map((value) => String(value)).join(' | ');
  if (constant !== undefined) return String(constant);
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeInWords))].join(' or ');
  if (type === 'array') return `list of ${typeInWords(items ?? {})}`;
  return type ?? 'anything';
}
