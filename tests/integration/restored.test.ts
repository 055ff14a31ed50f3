// `freehold restored`: a backup makes spent refresh tokens live again, and so none of them may be good.
import { chmod, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../packages/server/src/cli.ts';
import { getTokens, refreshRequest, refusalOf, sampleTenant, strictSpa, users } from '../setup/flow.ts';
import { startFreehold } from '../setup/server.ts';

let dataDirectory: string;
beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'freehold-restored-'));
});
afterAll(() => rm(dataDirectory, { recursive: true }));

async function freeholdRestored(...flags: string[]): Promise<string[]> {
  const printed: string[] = [];
  await run({
    arguments: ['restored', ...flags],
    environment: { FREEHOLD_DATA_DIR: dataDirectory },
    workingDirectory: dataDirectory,
    print: (text) => printed.push(text),
    serve: () => Promise.reject(new Error('nothing is served')),
  });
  return printed;
}

test('Keycloak CVE-2026-9802: a token that was spent after the backup is not good after its restoration', async () => {
  const environment = { FREEHOLD_DATA_DIR: dataDirectory };
  const before = await startFreehold({ tenant: sampleTenant({ clients: [strictSpa] }), users, environment });
  const client = { client_id: 'strict' };
  const authorize = { ...client, scope: 'openid offline_access' };
  const { tokens, agent } = await getTokens(before, { authorize, token: client });
  const [file, backup] = [join(dataDirectory, 'freehold.db'), join(dataDirectory, 'backup.db')];
  const database = new DatabaseSync(file);
  database.exec(`vacuum into '${backup}'`);
  database.close();
  const spend = () => agent.postForm('/oauth/token', refreshRequest(tokens.refresh_token, client));
  expect((await spend()).status).toBe(200);
  const { port, clock } = before;
  await before.stop();
  await copyFile(backup, file);
  await chmod(file, 0o600);
  expect(await freeholdRestored()).toEqual(['Refresh tokens that are revoked now: 1']);
  expect(await freeholdRestored()).toEqual(['Refresh tokens that are revoked now: 0']);
  const after = await startFreehold({ environment, port, clock });
  expect(refusalOf(await spend())).toEqual({
    status: 403,
    error: 'invalid_grant',
    error_description: 'Unknown or invalid refresh token.',
  });
  await after.stop();
});

test('it takes no flags', async () => {
  await expect(freeholdRestored('--yes')).rejects.toThrow('freehold restored takes no flags');
});
