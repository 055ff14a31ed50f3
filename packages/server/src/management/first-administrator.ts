// The first start: whoever reads what the server prints may make the first administrator, by a link that is good for an
// hour, once, and only while there is none. It needs no row until it is used: it says when it ends, under an HMAC.
import { isWithoutAdministrator, makeAdministrator } from '../configuration/administrator.ts';
import { findDefaultDatabase } from '../configuration/apply/apply-connections.ts';
import type { ConfigurationStores } from '../configuration/ports.ts';
import { findPasswordProblems, type PasswordProblem } from '../login/passwords/password-policy.ts';
import { beginSession, findSession, type SessionPorts } from '../login/sessions.ts';
import { aboutConnection, aboutUser, type Requester } from '../model/events.ts';
import { type PasswordRequirements, passwordRequirementsOf } from '../model/password-requirements.ts';
import { isEmail } from '../model/user.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import { equalInConstantTime, hmacSha256 } from '../runtime/cryptography/hash.ts';
import type { PasswordHashing } from '../runtime/cryptography/password-hashing.ts';
import { networkOf } from '../runtime/network/ip-address.ts';
import type { ManagementStores } from './ports.ts';

/** Seconds. */
const linkLifetime = 3600;

export interface FirstAdministratorPorts extends SessionPorts {
  unitOfWork: UnitOfWork<ManagementStores>;
  passwordHashing: Pick<PasswordHashing, 'hash'>;
  /** For the HMAC in the link; the same in every process of the tenant. */
  administratorLinkKey: Buffer;
}

/** The link's secret, for its fragment; undefined where there is an administrator. */
export async function openAdministratorLink({
  unitOfWork,
  clock,
  administratorLinkKey,
}: Pick<FirstAdministratorPorts, 'clock' | 'administratorLinkKey'> & {
  unitOfWork: UnitOfWork<Pick<ConfigurationStores, 'roles' | 'users'>>;
}): Promise<string | undefined> {
  if (!(await isWithoutAdministrator(unitOfWork.read))) return undefined;
  const expires_at = String(clock.now() + linkLifetime);
  return `${expires_at}.${hmacSha256(administratorLinkKey, expires_at)}`;
}

/** When the link ends; undefined for what is no link of ours, or ended. */
function endOf(link: string, { clock, administratorLinkKey }: FirstAdministratorPorts): number | undefined {
  const [expires_at = '', proof = ''] = link.split('.');
  if (!equalInConstantTime(proof, hmacSha256(administratorLinkKey, expires_at))) return undefined;
  return Number(expires_at) > clock.now() ? Number(expires_at) : undefined;
}

export interface FirstAdministratorRequest {
  /** The link's secret. */
  link: string;
  email: string;
  password: string;
  /** Of the browser's session cookie. */
  session: string | undefined;
  requester: Requester;
}

export type FirstAdministrator =
  | { outcome: 'made'; secret: string; persistent: boolean; expires_at: number }
  | { outcome: 'refused'; email: 'invalid' | 'exists' }
  | { outcome: 'refused'; password: PasswordProblem; policy: PasswordRequirements }
  /** The link is good no more, or there is an administrator. */
  | { outcome: 'lost' };

/** Makes them and signs them in. A refusal does not spend the link. Throws PasswordQueueFull. */
export async function makeFirstAdministrator(
  request: FirstAdministratorRequest,
  ports: FirstAdministratorPorts,
): Promise<FirstAdministrator> {
  const { unitOfWork, passwordHashing } = ports;
  const expires_at = endOf(request.link, ports);
  if (expires_at === undefined || !(await isWithoutAdministrator(unitOfWork.read)))
    return { outcome: 'lost' };
  if (!isEmail(request.email)) return { outcome: 'refused', email: 'invalid' };
  const database = await findDefaultDatabase(unitOfWork.read);
  if (database === undefined) return { outcome: 'lost' };
  const policy = passwordRequirementsOf(database.options);
  const [problem] = findPasswordProblems(request.password, policy, request);
  if (problem !== undefined) return { outcome: 'refused', password: problem, policy };
  const hash = await passwordHashing.hash(request.password, networkOf(request.requester.ip));
  return await unitOfWork.transaction(async (stores): Promise<FirstAdministrator> => {
    await stores.tenant.lock();
    if (!(await isWithoutAdministrator(stores))) return { outcome: 'lost' };
    if ((await stores.users.findByIdentifier(database.id, request.email)) !== undefined) {
      return { outcome: 'refused', email: 'exists' };
    }
    const id = [request.link];
    const now = ports.clock.now();
    const isFirst = await stores.usedIdentifiers.claimOnce({
      purpose: 'administrator_link',
      id,
      now,
      until: expires_at,
    });
    if (!isFirst) return { outcome: 'lost' };
    return await makeAndSignIn(request, hash, stores, ports);
  });
}

async function makeAndSignIn(
  { email, session: cookie, requester }: FirstAdministratorRequest,
  hash: string,
  stores: ManagementStores,
  ports: FirstAdministratorPorts,
): Promise<FirstAdministrator> {
  const made = await makeAdministrator(email, hash, stores, ports);
  if (made.outcome !== 'made') return { outcome: 'lost' };
  const { user, database } = made;
  const previous = await findSession(cookie, ports.clock.now(), stores.sessions);
  const { session, secret } = await beginSession(user, database.id, previous, requester, stores, ports);
  await stores.users.recordLogin(user.user_id, session.authenticated_at, requester.ip);
  const description = 'The first administrator was made by the link of the first start';
  const event = { ...aboutUser(user), ...aboutConnection(database), description };
  await stores.log.write({ ...event, type: 'ss' }, requester);
  return { outcome: 'made', secret, persistent: session.persistent, expires_at: session.expires_at };
}
