// What anybody may read: the discovery document and the signing keys.
import type { FastifyInstance } from 'fastify';
import { discoveryDocument } from '../oauth/metadata.ts';
import { publicCors } from './cors.ts';
import { oauthErrorHandler } from './errors.ts';
import { json, send } from './reply.ts';
import type { Tenant } from './tenant.ts';

const brieflyCached = { ...publicCors, 'cache-control': 'public, max-age=15' };

export function addWellKnownRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(oauthErrorHandler(tenant));
  const { issuer, settings, keys } = tenant;
  const discovery = json(discoveryDocument(issuer, settings), 200, brieflyCached);

  // RFC 8414 §3 has a name of its own for the same document.
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    server.get(`/.well-known/${name}`, { exposeHeadRoute: true }, async (_request, reply) =>
      send(reply, discovery),
    );
  }
  server.get('/.well-known/jwks.json', { exposeHeadRoute: true }, async (_request, reply) => {
    const removesAlg = settings.flags.remove_alg_from_jwks;
    const published = await keys.publish();
    // SG-4
    const keySet = removesAlg ? published.map(({ alg: _alg, ...key }) => key) : published;
    return send(reply, json({ keys: keySet }, 200, brieflyCached));
  });
}
