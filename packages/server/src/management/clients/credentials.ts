// A client's credentials as they are told when they are made; from then on each is told by its id.
import type { Client } from '../../model/client.ts';
import type {
  CertificateCredential,
  PublicKeyCredential,
  SubjectCredential,
} from '../../model/client-credential.ts';
import { isoTime, present } from '../wire.ts';
import type { ToldClient } from './schema.ts';

type Credential = PublicKeyCredential | SubjectCredential | CertificateCredential;

export function toldCredentials({
  client_authentication_methods: methods,
  created_at,
}: Client): Pick<ToldClient, 'client_authentication_methods'> {
  if (methods === null) return {};
  const made = isoTime(created_at);
  const told = (credential: Credential) => {
    const { id, name, credential_type } = credential;
    return {
      ...present({ id, name, credential_type, ...particular(credential) }),
      id,
      created_at: made,
      updated_at: made,
    };
  };
  return {
    client_authentication_methods: Object.fromEntries(
      Object.entries(methods).map(([method, registered]) => [
        method,
        { credentials: (registered?.credentials ?? []).map(told) },
      ]),
    ),
  };
}

function particular(credential: Credential) {
  if (credential.credential_type === 'cert_subject_dn') return { subject_dn: credential.subject_dn };
  const expires_at = credential.expires_at === null ? null : isoTime(credential.expires_at);
  if (credential.credential_type === 'x509_cert')
    return { thumbprint_sha256: credential.thumbprint_sha256, expires_at };
  return { kid: credential.kid, alg: credential.alg, expires_at };
}
