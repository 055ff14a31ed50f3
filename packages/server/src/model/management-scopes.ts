// The scopes of Auth0's Management API v2, all of them: what the system resource server offers, and what a client grant or a
// role may name. Those of operations that are not served are here too, so that a grant written for Auth0 can be applied.

/** What may be done with each subject. */
const actionsOn = {
  actions: 'create read update delete',
  anomaly_blocks: 'read delete',
  attack_protection: 'read update',
  authentication_methods: 'create read update delete',
  branding: 'read update delete',
  client_credentials: 'create read update delete',
  client_grants: 'create read update delete',
  client_keys: 'read update',
  client_summary: 'read',
  client_token_vault_privileged_access: 'update',
  clients: 'create read update delete',
  connection_profiles: 'create read update delete',
  connections: 'create read update delete',
  connections_keys: 'create read update',
  current_user: 'read delete',
  current_user_device_credentials: 'create delete',
  current_user_identities: 'update',
  current_user_metadata: 'update',
  custom_domains: 'create read update delete',
  custom_signing_keys: 'create read update delete',
  device_credentials: 'read delete',
  directory_provisionings: 'create read update delete',
  email_provider: 'create read update delete',
  email_templates: 'create read update',
  encryption_keys: 'create read update delete',
  event_deliveries: 'read update',
  event_streams: 'create read update delete',
  events: 'read',
  experimentation: 'create read update delete',
  federated_connections_tokens: 'read delete',
  flows: 'create read update delete',
  flows_executions: 'read delete',
  flows_vault_connections: 'create read update delete',
  forms: 'create read update delete',
  grants: 'read delete',
  group_members: 'read',
  group_roles: 'create read delete',
  groups: 'read delete',
  guardian_enrollment_tickets: 'create',
  guardian_enrollments: 'read delete',
  guardian_factors: 'read update',
  hooks: 'create read update delete',
  log_streams: 'create read update delete',
  logs: 'read',
  logs_users: 'read',
  mfa_policies: 'read update',
  network_acls: 'create read update delete',
  organization_client_grants: 'create read delete',
  organization_connections: 'create read update delete',
  organization_discovery_domains: 'create read update delete',
  organization_group_roles: 'create read delete',
  organization_groups: 'read',
  organization_invitations: 'create read delete',
  organization_member_effective_roles: 'read',
  organization_member_role_source_groups: 'read',
  organization_member_roles: 'create read delete',
  organization_members: 'create read delete',
  organizations: 'create read update delete',
  organizations_summary: 'read',
  phone_providers: 'create read update delete',
  phone_templates: 'create read update delete',
  prompts: 'read update',
  rate_limit_policies: 'create read update delete',
  refresh_tokens: 'read update delete',
  resource_servers: 'create read update delete',
  role_members: 'create read delete',
  roles: 'create read update delete',
  rules: 'create read update delete',
  rules_configs: 'read update delete',
  scim_config: 'create read update delete',
  scim_token: 'create read delete',
  self_service_profile_custom_texts: 'read update',
  self_service_profiles: 'create read update delete',
  sessions: 'read update delete',
  signing_keys: 'create read update',
  sso_access_tickets: 'create delete',
  stats: 'read',
  tenant_settings: 'read update',
  token_exchange_profiles: 'create read update delete',
  user_attribute_profiles: 'create read update delete',
  user_effective_permissions: 'read',
  user_effective_roles: 'read',
  user_idp_tokens: 'read',
  user_permission_source_roles: 'read',
  user_role_source_groups: 'read',
  user_tickets: 'create',
  users: 'create read update delete',
  users_app_metadata: 'update',
  vdcs_templates: 'create read update delete',
};

/** `action:subject`, ordered by subject. */
export const managementScopes: readonly string[] = Object.entries(actionsOn).flatMap(([subject, actions]) =>
  actions.split(' ').map((action) => `${action}:${subject}`),
);

/** Of Auth0's scopes, those that open none of its operations any more; grants written for Auth0 still name them. */
const former = {
  blacklist: 'tokens',
  create:
    'client_keys device_credentials groups organization_groups passwords_checking_job shields user_custom_blocks users_app_metadata flows_vault',
  delete:
    'client_keys flows_vault organization_groups passwords_checking_job shields user_custom_blocks users_app_metadata',
  read: 'connections_options entitlements flows_vault insights limits security_metrics shields triggers user_custom_blocks user_permission_source_groups users_app_metadata',
  update: 'connections_options device_credentials flows_vault groups limits shields triggers',
};
const formerScopes = new Set(
  Object.entries(former).flatMap(([action, subjects]) =>
    subjects.split(' ').map((subject) => `${action}:${subject}`),
  ),
);

/** Such a scope gives nothing. */
export function isFormerManagementScope(scope: string): boolean {
  return formerScopes.has(scope) || /^(?:create|read|update|delete):my_org:[a-z_]+$/.test(scope);
}

/** `read:client_grants` → `Read client grants`. */
export function describeManagementScope(scope: string): string {
  const words = scope.replace(':', ' ').replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
