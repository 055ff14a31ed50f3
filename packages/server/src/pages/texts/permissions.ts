import { en } from './en.ts';

const known: Record<string, string> = en.scopes;
const actionOnResource = /^([a-z][\w.-]*):([a-z][\w.:-]*)$/i;

/**
 * Scopes as a person reads them, one line each: a description where one is given, `read:user_profile` as
 * "User profile: read" (the actions on one resource share a line), anything else as it is written (CN-6).
 */
export function permissionWords(
  permissions: { scope: string; description?: string | undefined }[],
): string[] {
  const lines = new Map<string, string[]>();
  for (const { scope, description } of permissions) {
    const [, action, resource] = actionOnResource.exec(scope) ?? [];
    const words = description ?? known[scope];
    if (words !== undefined || action === undefined || resource === undefined) lines.set(words ?? scope, []);
    else lines.set(spoken(resource), [...(lines.get(spoken(resource)) ?? []), action.replaceAll('_', ' ')]);
  }
  return [...lines].map(([words, actions]) =>
    actions.length === 0 ? words : `${words}: ${actions.join(', ')}`,
  );
}

function spoken(resource: string): string {
  const words = resource.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
