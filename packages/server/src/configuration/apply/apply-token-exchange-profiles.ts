// Applying the tenant file's token exchange profiles. Nothing else writes them, and whom they trust is seen nowhere else:
// one that the file does not name any more is trusted no more.
import { isForLogin } from '../../model/connection.ts';
import type { TenantFile } from '../tenant-file.ts';
import { type Applying, changed } from './applying.ts';

export async function applyTokenExchangeProfiles(
  { tokenExchangeProfiles }: TenantFile,
  { stores, findings, random, now }: Applying,
): Promise<void> {
  const stored = await stores.tokenExchangeProfiles.list();
  const connections = await stores.connections.list();
  for (const { settings, connection } of tokenExchangeProfiles) {
    const { name, path } = connection;
    const meant = connections.find((candidate) => candidate.name === name);
    if (meant === undefined) {
      findings.problem(path, `names no connection: add ${JSON.stringify(name)} to databases`);
      continue;
    }
    if (!isForLogin(meant)) findings.problem(path, 'names a connection by which nobody logs in here');
    const before = stored.find(
      ({ subject_token_type }) => subject_token_type === settings.subject_token_type,
    );
    const wanted = { ...settings, id: before?.id ?? random.id('tep'), connection_id: meant.id };
    const profile = changed(before, wanted, now);
    if (profile !== undefined) await stores.tokenExchangeProfiles.upsert(profile);
  }
  const named = new Set(tokenExchangeProfiles.map(({ settings }) => settings.subject_token_type));
  for (const { id, subject_token_type } of stored) {
    if (!named.has(subject_token_type)) await stores.tokenExchangeProfiles.delete(id);
  }
}
