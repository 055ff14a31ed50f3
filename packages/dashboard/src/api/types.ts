// What the screens read of the API. `Answers` is written from the API's own schemas: what it answers no more, nothing
// here can name.
import type { Answers } from '../../generated/answers.d.ts';

/** What an operation answers: `Answer<'GET /roles/{id}'>`. */
export type Answer<Operation extends keyof Answers> = Answers[Operation];

/** One of those that an operation lists. */
export type Item<Operation extends keyof Answers> = Extract<Answers[Operation], readonly unknown[]>[number];

/** Whoever may read clients at all is told these two; the rest is for those who may read more of them. */
export type Client = Answer<'GET /clients/{id}'> & { client_id: string; name: string };
export type RefreshTokenSettings = NonNullable<Client['refresh_token']>;
export type AppType = 'spa' | 'regular_web' | 'native' | 'non_interactive';

export type ResourceServer = Answer<'GET /resource-servers/{id}'>;
export type Scope = ResourceServer['scopes'][number];
export type ClientGrant = Answer<'GET /client-grants/{id}'>;
export type Connection = Answer<'GET /connections/{id}'>;

export type User = Answer<'GET /users/{id}'>;
export type Identity = User['identities'][number];
export type Session = Answer<'GET /users/{user_id}/sessions'>['sessions'][number];
export type RefreshToken = Answer<'GET /users/{user_id}/refresh-tokens'>['tokens'][number];
export type Grant = Item<'GET /grants'>;

export type Role = Answer<'GET /roles/{id}'>;
export type RoleUser = Item<'GET /roles/{id}/users'>;
export type Permission = Item<'GET /roles/{id}/permissions'>;
export type UserPermission = Item<'GET /users/{id}/permissions'>;

export type Organization = Answer<'GET /organizations/{id}'>;
export type Member = Item<'GET /organizations/{id}/members'>;
export type Invitation = Answer<'GET /organizations/{id}/invitations/{invitation_id}'>;
export type EnabledConnection = Item<'GET /organizations/{id}/enabled_connections'>;

export type LogEntry = Answer<'GET /logs/{id}'>;
export type TenantSettings = Answer<'GET /tenants/settings'>;
export type Branding = Answer<'GET /branding'>;
export type Prompts = Answer<'GET /prompts'>;
export type BruteForceProtection = Answer<'GET /attack-protection/brute-force-protection'>;
export type IpThrottling = Answer<'GET /attack-protection/suspicious-ip-throttling'>;
export type SigningKey = Item<'GET /keys/signing'>;
export type DailyStatistic = Item<'GET /stats/daily'>;
