// What anybody may read: the discovery document, the signing keys, and the certificate of the one in use.
import type { FastifyInstance } from 'fastify';
import { discoveryDocument } from '../../oauth/metadata.ts';
import {
  certificateFingerprint,
  certificatePem,
  certificatePkcs7,
} from '../../runtime/cryptography/certificate.ts';
import { derivedFrom } from '../../runtime/derived.ts';
import { publicCors } from '../cors.ts';
import { oauthErrorHandler } from '../errors.ts';
import { json, send } from '../reply.ts';
import type { Tenant } from '../tenant.ts';

const brieflyCached = { ...publicCors, 'cache-control': 'public, max-age=15' };

export function addWellKnownRoutes(server: FastifyInstance, tenant: Tenant): void {
  server.setErrorHandler(oauthErrorHandler(tenant));
  const { issuer, keys } = tenant;
  const discovery = derivedFrom(
    () => tenant.settings,
    (settings) => json(discoveryDocument(issuer, settings, tenant), 200, brieflyCached),
  );

  // RFC 8414 §3 has a name of its own for the same document.
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    server.get(`/.well-known/${name}`, { exposeHeadRoute: true }, async (_request, reply) =>
      send(reply, discovery()),
    );
  }
  server.get('/.well-known/jwks.json', { exposeHeadRoute: true }, async (_request, reply) => {
    const removesAlg = tenant.settings.flags.remove_alg_from_jwks;
    const published = await keys.publish();
    // SG-4
    const keySet = removesAlg ? published.map(({ alg: _alg, ...key }) => key) : published;
    return send(reply, json({ keys: keySet }, 200, brieflyCached));
  });
  for (const [path, form] of Object.entries(certificateForms)) {
    server.get(path, { exposeHeadRoute: true }, async (_request, reply) => {
      const { type, file, write } = form;
      const body = write(await keys.currentCertificate('RS256'));
      const name = `${new URL(issuer).hostname.replace(/[^\w.-]/g, '')}.${file}`;
      const disposition = { 'content-disposition': `attachment; filename="${name}"` };
      const headers = { ...brieflyCached, 'content-type': type, ...(file === undefined ? {} : disposition) };
      return send(reply, { status: 200, headers, body });
    });
  }
}

interface CertificateForm {
  type: string;
  /** The extension of the file that browsers make of it; absent: they show it. */
  file?: string;
  write(certificate: string): string | Buffer;
}

/** SG-7: for software that takes keys as certificates alone. */
const certificateForms: Record<string, CertificateForm> = {
  '/pem': { type: 'application/x-pem-file', file: 'pem', write: certificatePem },
  '/rawpem': { type: 'text/plain; charset=utf-8', write: certificatePem },
  '/cer': {
    type: 'application/pkix-cert',
    file: 'cer',
    write: (certificate) => Buffer.from(certificate, 'base64'),
  },
  '/pb7': { type: 'application/x-pkcs7-certificates', file: 'p7b', write: certificatePkcs7 },
  '/fingerprint': { type: 'text/plain; charset=utf-8', write: certificateFingerprint },
};
