// A client that registers itself is judged as if it stood in the tenant file.
import type { Client } from '../../model/client.ts';
import { parseEntry } from '../entries.ts';
import { type Finding, Findings } from '../findings.ts';
import { clientEntrySchema } from '../tenant-schema.ts';
import { findUnstorableText } from '../unstorable-text.ts';
import { resolveClient } from './clients.ts';

type ClientSettings = Omit<Client, 'client_id' | 'is_system' | 'created_at' | 'updated_at'>;

/** `entry`: members as the tenant file has them, from whoever registers. The first thing that is wrong, if any is. */
export function judgeRegisteredClient(
  entry: Record<string, unknown>,
): { settings: ClientSettings } | { problem: Finding } {
  const findings = new Findings('registration');
  findUnstorableText(entry, findings);
  const parsed = parseEntry(clientEntrySchema, entry, [], {}, findings);
  const client = parsed && resolveClient(parsed, [], findings);
  const [problem] = findings.problems;
  if (problem !== undefined) return { problem };
  if (client === undefined) throw new Error('An entry without a problem is a client');
  return { settings: client.settings };
}
