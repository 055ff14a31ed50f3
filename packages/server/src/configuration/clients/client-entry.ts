// A client as an entry that says all of it: what a change begins with, and what readers are told.
import type { Client } from '../../model/client.ts';
import type { ClientAuthenticationMethods } from '../../model/client-credential.ts';
import { withUnused } from '../unused.ts';
import type { ClientEntry } from './client-schema.ts';

/** `resolveClient` makes of it the settings that the client has. Credentials are named by their ids. */
export function clientEntryOf(client: Client): ClientEntry {
  const { global: _global, is_system: _system, registration: _registration, unused, ...members } = client;
  const { created_at: _created, updated_at: _updated, refresh_token, ...others } = members;
  const { client_authentication_methods: methods, signed_request_object: signed, ...rest } = others;
  const known = {
    ...withoutNull(rest),
    refresh_token: withoutNull(refresh_token),
    ...(methods && { client_authentication_methods: namedById(methods) }),
    ...(signed && {
      signed_request_object: { required: signed.required, credentials: signed.credentials.map(nameOf) },
    }),
  };
  return withUnused(known, unused) as ClientEntry;
}

function namedById(methods: ClientAuthenticationMethods) {
  return Object.fromEntries(
    Object.entries(methods).map(([method, registered]) => [
      method,
      { credentials: (registered?.credentials ?? []).map(nameOf) },
    ]),
  );
}

function nameOf({ id }: { id: string }): { id: string } {
  return { id };
}

function withoutNull(members: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
