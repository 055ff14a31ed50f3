// What the screens call, and so what the dashboard asks for. What comes of it is at most what the person may do.

const actionsOn: Readonly<Record<string, string>> = {
  attack_protection: 'read update',
  authentication_methods: 'read create update delete',
  branding: 'read update',
  client_grants: 'read create update delete',
  client_keys: 'read update',
  client_summary: 'read',
  clients: 'read create update delete',
  connections: 'read create update delete',
  grants: 'read delete',
  logs: 'read',
  logs_users: 'read',
  organization_connections: 'read create update delete',
  organization_invitations: 'read create delete',
  organization_member_roles: 'read create delete',
  organization_members: 'read create delete',
  organizations: 'read create update delete',
  organizations_summary: 'read',
  prompts: 'read update',
  refresh_tokens: 'read update delete',
  resource_servers: 'read create update delete',
  role_members: 'read create delete',
  roles: 'read create update delete',
  sessions: 'read update delete',
  signing_keys: 'read create update',
  stats: 'read',
  tenant_settings: 'read update',
  user_tickets: 'create',
  users: 'read create update delete',
  users_app_metadata: 'update',
};

const management = Object.entries(actionsOn).flatMap(([subject, actions]) =>
  actions.split(' ').map((action) => `${action}:${subject}`),
);

/** Of an authorization request. */
export const requestedScope = ['openid', 'profile', 'email', 'offline_access', ...management].join(' ');
