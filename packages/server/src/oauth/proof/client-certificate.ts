// The certificate that a client showed in the TLS handshake (RFC 8705; contract CA-11, AT-15). A proxy in front ends
// TLS and passes the certificate on; that the proxy is one of ours is HTTP's matter.
import { hash, X509Certificate } from 'node:crypto';
import type { Client } from '../../model/client.ts';

/** What the proxy says, as it says it. */
export interface ForwardedCertificate {
  /** The header client-certificate: PEM, percent-encoded. */
  certificate: string;
  /** The header client-certificate-ca-verified: SUCCESS, or why not. */
  caVerified: string | undefined;
}

export interface ClientCertificate {
  /** RFC 8705 §3.1: "the base64url-encoded SHA-256 hash … of the DER encoding of the X.509 certificate". */
  thumbprint: string;
  /** The subject, an attribute a line, as Auth0 writes it. */
  subject_dn: string;
  /** Whether the proxy found a certification authority behind it that it trusts. */
  isVerified: boolean;
}

/** Characters: Auth0's own limit. */
const longestCertificate = 4096;

/** Undefined for what is no certificate. */
export function parseClientCertificate(
  forwarded: ForwardedCertificate | undefined,
): ClientCertificate | undefined {
  if (forwarded === undefined || forwarded.certificate.length > longestCertificate) return undefined;
  try {
    const { raw, subject } = new X509Certificate(decodeURIComponent(forwarded.certificate));
    const isVerified = forwarded.caVerified === 'SUCCESS';
    return { thumbprint: hash('sha256', raw, 'base64url'), subject_dn: subject, isVerified };
  } catch {
    return undefined;
  }
}

/** Undefined if it proves the client; else why not, for the administrator's eyes. */
export function findCertificateFault(
  certificate: ClientCertificate | undefined,
  { client_authentication_methods: methods }: Client,
  now: number,
): string | undefined {
  if (certificate === undefined) return 'no certificate came by a trusted proxy';
  const { thumbprint, subject_dn, isVerified } = certificate;
  const authorities = methods?.tls_client_auth?.credentials;
  if (authorities !== undefined) {
    // RFC 8705 §2.1: a chain of trust and the registered subject.
    if (!isVerified) return 'the proxy has not verified the certificate';
    return authorities.some((credential) => credential.subject_dn === subject_dn)
      ? undefined
      : 'the subject of the certificate is not registered';
  }
  // RFC 8705 §2.2: "the client's certificate chain is not validated"; it is the very one that is registered.
  const registered = methods?.self_signed_tls_client_auth?.credentials ?? [];
  return registered.some(
    ({ thumbprint_sha256, expires_at }) =>
      thumbprint_sha256 === thumbprint && (expires_at === null || expires_at > now),
  )
    ? undefined
    : 'the certificate is not registered';
}
