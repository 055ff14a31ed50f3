import { confirmCallback } from '../../login/decisions.ts';
import { callbackOf } from '../../oauth/authorize/login-request.ts';
import { renderCallbackConfirmation } from '../../pages/consent.tsx';
import { submitDecision } from './decision.ts';
import { type Screen, screenPage } from './screen.ts';

/** CB-13: a callback that nobody can prove is theirs, where no other page was shown. */
export const confirmCallbackScreen: Screen = {
  steps: ['confirm-callback'],

  async show(screen) {
    const { client, request } = screen.parsed;
    const html = renderCallbackConfirmation({
      ...screen.form,
      client_name: client.name,
      redirect_uri: callbackOf(request) ?? '',
    });
    return screenPage(screen, html);
  },

  submit: (screen, fields) =>
    submitDecision(screen, fields, confirmCallback, 'The user did not confirm the callback'),
};
