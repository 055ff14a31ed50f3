// Applying the tenant file's clients. A client without client_id is found again by its name.
import { type Client, clientIdLength, clientSecretLength, hasSecret } from '../../model/client.ts';
import type { ConfiguredClient } from '../clients/clients.ts';
import { type Findings, suggestion } from '../findings.ts';
import type { Reference, TenantFile } from '../tenant-file.ts';
import { type Applying, changed } from './applying.ts';

/** Finds the client that another part of the file names, by client_id or by name. */
export interface ClientNames {
  /** Undefined, and a problem, for one that is unknown or not told from others. */
  find(reference: Reference): string | undefined;
}

interface AppliedClient {
  client_id: string;
  name: string;
  made: boolean;
}

export async function applyClients(
  file: TenantFile,
  applying: Applying,
): Promise<{ clients: AppliedClient[]; names: ClientNames }> {
  const { stores, findings } = applying;
  const stored = await stores.clients.list();
  const given = new Set(file.clients.map(({ client_id }) => client_id));
  const applied: AppliedClient[] = [];
  for (const configured of file.clients) {
    const candidates = stored.filter((client) =>
      configured.client_id === undefined
        ? client.name === configured.settings.name && !client.is_system && !given.has(client.client_id)
        : client.client_id === configured.client_id,
    );
    if (candidates.length > 1) {
      findings.problem([...configured.path, 'name'], 'is the name of several clients: give the client_id');
    } else if (candidates.some((client) => client.is_system)) {
      findings.problem([...configured.path, 'client_id'], "is one of the server's own: choose another");
    } else {
      applied.push(await applyClient(configured, candidates[0], applying));
    }
  }
  const all = (await stores.clients.list()).filter((client) => !client.is_system);
  return { clients: applied, names: clientNames(applied, all, findings) };
}

async function applyClient(
  { client_id, client_secret, settings, path }: ConfiguredClient,
  stored: Client | undefined,
  { stores, findings, now, random }: Applying,
): Promise<AppliedClient> {
  const id = client_id ?? stored?.client_id ?? random.alphanumeric(clientIdLength);
  // AT-16.
  if (await stores.resourceServers.find(id)) {
    findings.problem([...path, 'client_id'], 'is the identifier of a resource server: choose another');
  }
  const client = changed(stored, { ...settings, client_id: id, global: false, is_system: false }, now);
  if (client !== undefined) await stores.clients.upsert(client);
  if (hasSecret(settings)) {
    const secret = await stores.clients.findSecret(id);
    const wanted = client_secret ?? secret ?? random.alphanumeric(clientSecretLength);
    if (wanted !== secret) await stores.clients.setSecret(id, wanted);
  }
  return { client_id: id, name: settings.name, made: stored === undefined };
}

function clientNames(applied: AppliedClient[], all: Client[], findings: Findings): ClientNames {
  return {
    find({ name, path }) {
      if (all.some(({ client_id }) => client_id === name)) return name;
      // Of clients with the same name, those of the file are meant.
      const inFile = applied.filter((client) => client.name === name);
      const found = inFile.length > 0 ? inFile : all.filter((client) => client.name === name);
      if (found.length > 1) findings.problem(path, 'is the name of several clients: give the client_id');
      else if (found.length === 0) {
        const known = suggestion(
          name,
          all.map((client) => client.name),
        );
        findings.problem(path, `names no client: add ${JSON.stringify(name)} to clients${known}`);
      }
      return found.length === 1 ? found[0]?.client_id : undefined;
    },
  };
}
