import { confirmCallback, refuseRequest } from '../../login/decisions.ts';
import { renderCallbackConfirmation } from '../../pages/consent.tsx';
import { lostTransaction } from '../error-pages.ts';
import { resumeUrl } from '../paths.ts';
import { redirect } from '../reply.ts';
import { denied } from './denied.ts';
import { type Screen, screenPage } from './screen.ts';

/** CB-13: a callback that nobody can prove is theirs, where no other page was shown. */
export const confirmCallbackScreen: Screen = {
  steps: ['confirm-callback'],

  async show(screen) {
    const { client, request } = screen.parsed;
    const html = renderCallbackConfirmation({
      ...screen.form,
      client_name: client.name,
      redirect_uri: request.redirect_uri,
    });
    return screenPage(screen, html);
  },

  async submit(screen, fields) {
    const { tenant, signedIn, transaction, parsed, visitor, request } = screen;
    if (signedIn === undefined) return lostTransaction(screen.form.state, request, tenant);
    const decision = { transaction, parsed, user: signedIn.user, requester: visitor.requester };
    if (fields.get('action') !== 'accept') {
      await refuseRequest(decision, 'The user did not confirm the callback', tenant);
      return denied(screen);
    }
    await confirmCallback(decision, tenant);
    return redirect(resumeUrl(screen.form.state), 303);
  },
};
