// Everything that serving one tenant over HTTP needs; compose.ts makes it. No module state: a process may hold many.
import type { AuthorizationPorts } from '../login/authorization.ts';
import type { PasswordlessLinkPorts } from '../login/passwordless-link.ts';
import type { PasswordChangePorts } from '../login/passwords/password-change.ts';
import type { PasswordPorts } from '../login/passwords/passwords.ts';
import type { LoginStores } from '../login/ports.ts';
import type { IpThrottling } from '../login/protection/ip-throttling.ts';
import type { ManagementPorts, ManagementStores } from '../management/ports.ts';
import type { TenantSettings } from '../model/tenant.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import type { RegistrationStores } from '../oauth/registration/ports.ts';
import type { RegistrationPorts } from '../oauth/registration/registration.ts';
import type { TokenEndpointPorts } from '../oauth/token/endpoint.ts';
import type { Log } from '../runtime/log.ts';
import type { Outbound } from '../runtime/network/outbound.ts';
import type { TokenBuckets } from '../runtime/network/token-buckets.ts';
import type { Assets } from './assets.ts';
import type { DashboardFiles } from './dashboard-files.ts';

export interface Tenant
  extends TokenEndpointPorts,
    AuthorizationPorts,
    PasswordPorts,
    PasswordChangePorts,
    PasswordlessLinkPorts,
    ManagementPorts,
    Pick<RegistrationPorts, 'judgeClient'> {
  /** With trailing slash; every link and redirect of ours begins with it (GL-1). */
  issuer: string;
  /** As they are now: whoever keeps some of them, or what follows from them, works by old ones (runtime/derived.ts). */
  readonly settings: TenantSettings;
  /** To be awaited before a request is served; undefined where nothing is to wait for. Rejects if the database is away. */
  refreshSettings(): Promise<void> | undefined;
  unitOfWork: UnitOfWork<LoginStores & RegistrationStores & ManagementStores>;
  /** AP-5 */
  ipThrottling: IpThrottling;
  /** CA-11: whether a proxy in front may pass the certificates of clients on. */
  takesCertificates: boolean;
  /** For the HMAC in forms (LT-4). */
  formKey: Buffer;
  /** For the HMAC in the link of the first start. */
  administratorLinkKey: Buffer;
  assets: Assets;
  log: Log;
  /** The one way to addresses that somebody stored (OUT-1). */
  outbound: Outbound;
  /** A token a minute for each key: what anybody can cause at will stands in the tenant log that often. */
  oncePerMinute: TokenBuckets;
  /** The client of /try; absent where it is not served. */
  tryClientId: string | undefined;
  dashboardClientId: string;
  dashboardTryClientId: string;
  /** Undefined where the dashboard was not built. */
  dashboardFiles: DashboardFiles | undefined;
  /** Throws if the database does not answer. */
  ping(): Promise<void>;
}
