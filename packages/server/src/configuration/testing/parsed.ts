// A tenant file as the tests write it: what is read of it, or what is wrong with it.
import { ConfigurationError } from '../findings.ts';
import { parseTenantFile, type TenantFile } from '../tenant-file.ts';

export const parse = (text: string): TenantFile => parseTenantFile(text, 'tenant.yaml');
export const parseValue = (value: unknown): TenantFile => parse(JSON.stringify(value));

const withClient = (client: object) => ({ clients: [{ name: 'App', ...client }] });
export const clientSettingsOf = (client: object) => parseValue(withClient(client)).clients[0]?.settings;
export const clientProblemsOf = (client: object): string[] => problemsOf(withClient(client));

/** `path text` of every warning. */
export const warningsOf = (file: TenantFile): string[] =>
  file.warnings.map(({ path, text }) => `${path} ${text}`);

/** `path text` of every problem of a file, as text or as a value. */
export function problemsOf(file: unknown): string[] {
  try {
    typeof file === 'string' ? parse(file) : parseValue(file);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ path, text }) => `${path} ${text}`);
    throw error;
  }
  return [];
}
