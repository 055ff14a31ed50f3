// A client that registers itself is judged as if it stood in the tenant file.
import { parseEntry } from '../entries.ts';
import { type Finding, Findings } from '../findings.ts';
import { findUnstorableText } from '../unstorable-text.ts';
import { clientEntrySchema } from './client-schema.ts';
import { type ClientSettings, resolveClient } from './clients.ts';
import { tenantFileDefaults } from './defaults.ts';

/** `entry`: members as the tenant file has them, from whoever registers. The first thing that is wrong, if any is. */
export function judgeRegisteredClient(
  entry: Record<string, unknown>,
): { settings: ClientSettings } | { problem: Finding } {
  const findings = new Findings('registration');
  findUnstorableText(entry, findings);
  const parsed = parseEntry(clientEntrySchema, entry, [], {}, findings);
  const client = parsed && resolveClient(parsed, [], findings, tenantFileDefaults);
  const [problem] = findings.problems;
  if (problem !== undefined) return { problem };
  if (client === undefined) throw new Error('An entry without a problem is a client');
  return { settings: client.settings };
}
