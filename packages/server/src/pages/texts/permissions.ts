import { en } from './en.ts';

const known = new Map<string, string>(Object.entries(en.scopes));
const actionOnResource = /^([a-z][\w.-]*):([a-z][\w.:-]*)$/i;

/**
 * Scopes as a person reads them, one line each: a description where one is given, `read:user_profile` as
 * "User profile: read" (the actions on one resource share a line), anything else as it is written (CN-6).
 */
export function permissionWords(
  permissions: { scope: string; description?: string | undefined }[],
): string[] {
  const lines = permissions.map(({ scope, description }) => {
    const words = description ?? known.get(scope);
    const [, action, resource] = actionOnResource.exec(scope) ?? [];
    if (words !== undefined || action === undefined || resource === undefined)
      return { words: words ?? scope };
    return { resource: spoken(resource), action: action.replaceAll('_', ' ') };
  });
  const sentences = lines.map((line) =>
    line.words !== undefined
      ? line.words
      : `${line.resource}: ${lines
          .filter(({ resource }) => resource === line.resource)
          .map(({ action }) => action)
          .join(', ')}`,
  );
  return [...new Set(sentences)];
}

function spoken(resource: string): string {
  const words = resource.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
