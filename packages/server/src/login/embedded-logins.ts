// Login as the token endpoint knows it: the proof comes from the application, and no session begins.
import type { EmbeddedLogins, LoginVerdict } from '../oauth/token/grants/embedded-login.ts';
import { type PasswordlessPorts, proveCode, sendCode } from './passwordless.ts';
import {
  type PasswordProof,
  type PasswordProofPorts,
  provePassword,
  recordable,
} from './passwords/password-proof.ts';
import type { LoginStores } from './ports.ts';

export function createEmbeddedLogins(ports: PasswordProofPorts & PasswordlessPorts): EmbeddedLogins {
  return {
    provePassword({ connection, identifier, password, requester }, settle) {
      const user_name = recordable(identifier);
      const claim = { connections: [connection], identifier, password, ip: requester.ip };
      return provePassword(claim, ports, (proof) =>
        ports.unitOfWork.transaction(async (stores) => {
          await proof.record(stores);
          const verdict = await judge(proof, stores);
          return settle({ connection, user_name, verdict }, stores);
        }),
      );
    },
    sendCode: (claim) => sendCode(claim, ports),
    async proveCode(claim, settle) {
      const { connection, identifier, requester } = claim;
      // Here, because the transaction may run again.
      const admitted = ports.ipThrottling.count('pre-login', requester.ip);
      return ports.unitOfWork.transaction(async (stores) => {
        const verdict = admitted ? await proveCode(claim, stores, ports) : throttled;
        if (verdict.outcome === 'proved') ports.ipThrottling.forgive('pre-login', requester.ip);
        return settle({ connection, user_name: recordable(identifier), verdict }, stores);
      });
    },
  };
}

const throttled: LoginVerdict = { outcome: 'refused', reason: 'throttled', user_id: undefined };

async function judge(proof: PasswordProof, { users }: LoginStores): Promise<LoginVerdict> {
  if (proof.outcome === 'too_many_attempts' || proof.outcome === 'throttled') {
    return { outcome: 'refused', reason: proof.outcome, user_id: undefined };
  }
  // While the password was hashed the user may have been deleted, or given another one.
  const user = proof.user && (await users.find(proof.user.user_id));
  if (proof.outcome === 'proved' && user?.epoch === proof.user.epoch) return { outcome: 'proved', user };
  return { outcome: 'refused', reason: 'wrong_credentials', user_id: user?.user_id };
}
