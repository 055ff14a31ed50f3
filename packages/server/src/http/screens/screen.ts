// What a hosted page is to the routes: how it shows itself, and what its form does.
import type { FastifyRequest } from 'fastify';
import type { Visitor } from '../../login/authorization.ts';
import type { PageStep } from '../../login/next-step.ts';
import type { LoginTransaction } from '../../login/ports.ts';
import type { SignedIn } from '../../login/sessions.ts';
import { callbackOf } from '../../oauth/authorize/login-request.ts';
import type { RequestInProgress } from '../../oauth/authorize/suspended-request.ts';
import type { Parameters } from '../../oauth/parameters.ts';
import type { FormProps } from '../../pages/fields.tsx';
import type { Cookies } from '../cookies.ts';
import { page } from '../page-context.ts';
import type { Reply } from '../reply.ts';
import { interactivePolicy } from '../security.ts';
import type { Tenant } from '../tenant.ts';

/** One request for one page, in the login transaction that it belongs to. */
export interface ScreenRequest {
  request: FastifyRequest;
  tenant: Tenant;
  cookies: Cookies;
  transaction: LoginTransaction;
  parsed: RequestInProgress;
  visitor: Visitor;
  signedIn: SignedIn | undefined;
  /** For the page's form. */
  form: FormProps;
}

export interface Screen {
  /** The steps that this page may be shown for. */
  steps: readonly PageStep[];
  show(screen: ScreenRequest): Promise<Reply>;
  /** `fields`: what the form sent; it is proved to be ours. */
  submit(screen: ScreenRequest, fields: Parameters): Promise<Reply>;
}

/** Who somebody has said to be on a page before, or else the application (AZ-32). */
export function hintedIdentifier({ transaction, parsed }: ScreenRequest): string | undefined {
  return transaction.identifier ?? parsed.request.login_hint ?? undefined;
}

/** LT-5: the form's answer may lead to this transaction's callback and nowhere else. */
export function screenPage({ parsed }: ScreenRequest, html: string, status = 200): Reply {
  return page(html, status, interactivePolicy(callbackOf(parsed.request)));
}
