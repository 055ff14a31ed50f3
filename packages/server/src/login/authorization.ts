// From a request to the next page or to its end: reads the facts, asks nextStep, and carries out
// what it says. Knows nothing of HTTP, of pages or of how an answer travels.
import type { Client } from '../model/client.ts';
import { isConsentMissing } from '../model/consent.ts';
import { aboutClient, aboutUser, type Requester } from '../model/events.ts';
import type { AuthorizationRequest } from '../oauth/authorize/request.ts';
import type { RequestInProgress } from '../oauth/authorize/suspended-request.ts';
import type { UnitOfWork } from '../oauth/ports.ts';
import { sha256 } from '../runtime/cryptography/hash.ts';
import { type Completed, type CompletePorts, complete } from './complete.ts';
import { nextStep, noActs, type PageStep, type Refusal, type Situation } from './next-step.ts';
import type { LoginStores, LoginTransaction } from './ports.ts';
import { findSession, type SignedIn } from './sessions.ts';
import { beginTransaction, refuseLogin } from './transaction.ts';

/** The browser in front of us. */
export interface Visitor {
  /** Values of the session cookie and of the browser cookie. */
  session: string | undefined;
  browser: string | undefined;
  requester: Requester;
}

export interface AuthorizationPorts extends CompletePorts {
  unitOfWork: UnitOfWork<LoginStores>;
  /** CB-13: whether this client's callback has to be confirmed where no other page was shown. */
  confirmsCallback(client: Client, redirect_uri: string): boolean;
}

export type Outcome =
  | Exclude<Completed, { outcome: 'withdrawn' }>
  | { outcome: 'refused'; refusal: Refusal }
  | { outcome: 'page'; step: PageStep };

/** What comes next for a request, with what this transaction has recorded so far (LT-2, PR-*). Changes nothing. */
export async function readStep(
  parsed: RequestInProgress,
  transaction: LoginTransaction | undefined,
  visitor: Visitor,
  ports: AuthorizationPorts,
) {
  const situation = await readSituation(parsed, transaction, visitor, ports);
  return { next: nextStep(situation), signedIn: situation.signedIn };
}

/** Carries out what comes next, where no page is needed for it. */
export async function advance(
  parsed: RequestInProgress,
  transaction: LoginTransaction | undefined,
  visitor: Visitor,
  ports: AuthorizationPorts,
): Promise<Outcome> {
  const { next, signedIn } = await readStep(parsed, transaction, visitor, ports);
  if ('refusal' in next) {
    await recordRefusal(next.refusal, parsed, transaction, signedIn, visitor.requester, ports);
    return { outcome: 'refused', refusal: next.refusal };
  }
  if (next.step !== 'finish') return { outcome: 'page', step: next.step };
  const completion = { parsed, signedIn: next.signedIn, transaction, requester: visitor.requester };
  const completed = await ports.unitOfWork.transaction((stores) => complete(completion, stores, ports));
  if (completed.outcome !== 'withdrawn') return completed;
  // Whoever has consented on this transaction is not asked by it again.
  return transaction?.consented_at == null
    ? advance(parsed, transaction, visitor, ports)
    : { outcome: 'lost' };
}

async function readSituation(
  { request, client, resourceServer, connections }: RequestInProgress,
  transaction: LoginTransaction | undefined,
  visitor: Visitor,
  { unitOfWork, clock, confirmsCallback, settings }: AuthorizationPorts,
): Promise<Situation> {
  const now = clock.now();
  const signedIn = await findSession(visitor.session, now, unitOfWork.read.sessions);
  const { audience, scope } = request;
  const asked = signedIn && { user_id: signedIn.user.user_id, audience, scope };
  return {
    request,
    acts: transaction ?? noActs,
    signedIn,
    connection_ids: connections.map(({ id }) => id),
    consentMissing:
      asked !== undefined && (await isConsentMissing(asked, client, resourceServer, unitOfWork.read)),
    confirmsCallback: 'redirect_uri' in request && confirmsCallback(client, request.redirect_uri),
    identifierFirst: settings.prompts.identifier_first,
    now,
  };
}

const refusalDescriptions: Record<Refusal, string> = {
  login_required: 'Login required',
  consent_required: 'Consent required',
  interaction_required: 'Interaction required',
  user_blocked: 'user is blocked',
  wrong_user: 'Login required',
};

async function recordRefusal(
  refusal: Refusal,
  { request, client }: Pick<RequestInProgress, 'request' | 'client'>,
  transaction: LoginTransaction | undefined,
  signedIn: SignedIn | undefined,
  requester: Requester,
  { unitOfWork, clock }: AuthorizationPorts,
): Promise<void> {
  await unitOfWork.transaction(async (stores) => {
    await refuseLogin(request, transaction, stores, clock.now());
    await stores.log.write(
      {
        type: request.prompt.includes('none') ? 'fsa' : 'f',
        description: refusalDescriptions[refusal],
        ...aboutClient(client),
        ...(signedIn && aboutUser(signedIn.user)),
      },
      requester,
    );
  });
}

/** Stores the request for the pages to come; returns the handle, or undefined where it is another browser's (PA-4). */
export async function suspend(
  request: AuthorizationRequest,
  browser: string,
  { unitOfWork, clock, random }: AuthorizationPorts,
): Promise<string | undefined> {
  const now = clock.now();
  return unitOfWork.transaction(async ({ loginTransactions, pushedRequests }) => {
    const { pushed } = request;
    if (pushed !== null && !(await pushedRequests.bind(pushed, sha256(browser)))) return undefined;
    return beginTransaction(request, browser, loginTransactions, { now, random });
  });
}
