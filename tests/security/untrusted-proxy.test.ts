// Behind a proxy that nobody declared, everybody has the proxy's address, and is counted as one.
import { expect, test } from 'vitest';
import { Agent } from '../setup/agent.ts';
import { type FreeholdOptions, startFreehold } from '../setup/server.ts';

async function warningsOf(options: FreeholdOptions): Promise<string[]> {
  const lines: string[] = [];
  const freehold = await startFreehold({ ...options, onLogLine: (line) => lines.push(line) });
  const agent = new Agent(freehold.issuer);
  await agent.send('/health');
  for (const address of ['192.0.2.1', '192.0.2.2'])
    await agent.send('/health', { headers: { 'x-forwarded-for': address } });
  await freehold.stop();
  return lines.filter((line) => line.includes('X-Forwarded-For'));
}

test('LG-5: X-Forwarded-For from a peer that is no trusted proxy is told once', async () => {
  const warnings = await warningsOf({});
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('set FREEHOLD_TRUSTED_PROXIES');
});

test('LG-5: from another peer than the trusted proxies as well', async () => {
  expect(await warningsOf({ environment: { FREEHOLD_TRUSTED_PROXIES: '203.0.113.1' } })).toHaveLength(1);
});

test('LG-5: from a trusted proxy it is not', async () => {
  expect(await warningsOf({ environment: { FREEHOLD_TRUSTED_PROXIES: '127.0.0.1,::1' } })).toEqual([]);
});
