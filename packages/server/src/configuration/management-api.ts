// What a tenant file says of the Management API. Exported elsewhere, it names that tenant's: here it means this server's.
import { managementScopes } from '../model/management-scopes.ts';
import { systemAudience } from '../model/resource-server.ts';
import { byLine, type Finding, type Path, pathInWords } from './findings.ts';
import type { TenantFile } from './tenant-file.ts';

const managementApi = /^https?:\/\/[^/]+\/api\/v2\/$/;

/** Scopes that are none here are left out, with a warning. */
export function forThisServer(file: TenantFile, issuer: string): TenantFile {
  const isElsewhere = (identifier: string) =>
    managementApi.test(identifier) &&
    !file.resourceServers.some(({ settings }) => settings.identifier === identifier);
  const warnings: Finding[] = [...file.warnings];
  const isScope = (name: string, path: Path): boolean => {
    if (managementScopes.includes(name)) return true;
    const text = `${JSON.stringify(name)} is no scope of the Management API here: it is left out`;
    warnings.push({ path: pathInWords(path), line: undefined, text });
    return false;
  };
  const clientGrants = file.clientGrants.map((grant) => {
    const { settings, path } = grant;
    if (!isElsewhere(settings.audience)) return grant;
    const scope = settings.scope.filter((name) => isScope(name, [...path, 'scope']));
    return { ...grant, settings: { ...settings, audience: systemAudience(issuer), scope } };
  });
  const roles = file.roles.map((role) => {
    const permissions = role.settings.permissions.flatMap((permission, index) => {
      const { resource_server_identifier, permission_name } = permission;
      if (!isElsewhere(resource_server_identifier)) return permission;
      if (!isScope(permission_name, [...role.path, 'permissions', index])) return [];
      return { ...permission, resource_server_identifier: systemAudience(issuer) };
    });
    return { ...role, settings: { ...role.settings, permissions } };
  });
  return { ...file, clientGrants, roles, warnings: byLine(warnings) };
}
