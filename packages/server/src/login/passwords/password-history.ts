// `password_history`: a database may refuse the passwords that somebody had before. Their hashes are kept as long as it
// does, and no longer.
import type { UnitOfWork } from '../../oauth/ports.ts';
import type { PasswordHashing } from '../../runtime/cryptography/password-hashing.ts';
import { networkOf } from '../../runtime/network/ip-address.ts';
import type { IdentityKey, LoginStores } from '../ports.ts';

export interface PasswordHistoryPorts {
  unitOfWork: Pick<UnitOfWork<LoginStores>, 'read'>;
  passwordHashing: PasswordHashing;
}

export interface NewPassword {
  password: string;
  /** Whose it is to be. */
  identity: IdentityKey;
  /** How many of the latest passwords it must not be. */
  history: number;
  ip: string;
}

/** The hash; undefined if it is one of those passwords. Throws PasswordQueueFull where too many wait already. */
export async function hashUnlessUsedBefore(
  { password, identity, history, ip }: NewPassword,
  { unitOfWork, passwordHashing }: PasswordHistoryPorts,
): Promise<string | undefined> {
  const network = networkOf(ip);
  if (history === 0) return passwordHashing.hash(password, network);
  const hashes = await unitOfWork.read.identities.listPasswordHashes(identity, history);
  return passwordHashing.inTurn(network, async (turn) => {
    for (const hash of hashes) {
      if ((await turn.verify(hash, password)).matches) return undefined;
    }
    return turn.hash(password);
  });
}
