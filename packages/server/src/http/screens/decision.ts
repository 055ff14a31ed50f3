import { type Decision, type DecisionPorts, refuseRequest } from '../../login/decisions.ts';
import { AccessDenied } from '../../oauth/errors.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import { answerRefusal } from '../authorization-response.ts';
import { lostTransaction } from '../error-pages.ts';
import { resumeUrl } from '../paths.ts';
import { type Reply, redirect } from '../reply.ts';
import type { ScreenRequest } from './screen.ts';

/** The two buttons of a page that asks: `accept` records the one, `refusal` is what the tenant log says of the other. */
export async function submitDecision(
  { form, tenant, signedIn, transaction, parsed, visitor, request }: ScreenRequest,
  fields: Parameters,
  accept: (decision: Decision, ports: DecisionPorts) => Promise<void>,
  refusal: string,
): Promise<Reply> {
  if (signedIn === undefined) return lostTransaction(form.state, request, tenant);
  const decision = { transaction, parsed, user: signedIn.user, requester: visitor.requester };
  if (fields.get('action') === 'accept') {
    await accept(decision, tenant);
    return redirect(resumeUrl(form.state), 303);
  }
  await refuseRequest(decision, refusal, tenant);
  // AZ-62
  const error = new AccessDenied('The user denied the authorization request');
  return answerRefusal(error, parsed, request, tenant);
}
