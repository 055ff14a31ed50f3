import type { Migration } from './index.ts';

export const registration: Migration = {
  name: '0009-registration',
  statements: ({ text }) => [
    `alter table client add column oidc_logout ${text}`,
    `alter table client add column redirection_policy ${text}`,
    `alter table client add column registration ${text}`,
    `alter table client add column registration_access_token ${text}`,
  ],
};
