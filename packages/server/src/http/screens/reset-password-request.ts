import { loginSteps } from '../../login/next-step.ts';
import { requestPasswordChange } from '../../login/passwords/password-change.ts';
import { aboutClient } from '../../model/events.ts';
import { isEmail, normalizedEmail } from '../../model/user.ts';
import { type ResetRequestProps, renderResetRequest, renderResetSent } from '../../pages/reset-password.tsx';
import { en } from '../../pages/texts/en.ts';
import { pageUrl, resumeUrl } from '../paths.ts';
import { type Reply, redirect } from '../reply.ts';
import { databasesForReset } from './connections.ts';
import { hintedIdentifier, type Screen, type ScreenRequest, screenPage } from './screen.ts';

export const resetPasswordRequestScreen: Screen = {
  steps: loginSteps,

  async show(screen) {
    if (databasesForReset(screen).length === 0) return redirect(pageUrl('login', screen.form.state));
    return form(screen, hintedIdentifier(screen) ?? '');
  },

  async submit(screen, fields) {
    if (databasesForReset(screen).length === 0) return redirect(resumeUrl(screen.form.state), 303);
    const { errors } = en.reset_request;
    const email = fields.get('email')?.trim() ?? '';
    if (email === '') return form(screen, email, { email: errors.missing }, 400);
    if (!isEmail(email)) return form(screen, email, { email: errors.invalid }, 400);
    if (!(await request(screen, email))) return form(screen, email, { form: errors.throttled }, 429);
    const login_url = pageUrl('login', screen.form.state);
    return screenPage(screen, renderResetSent({ page: screen.form.page, email, login_url }));
  },
};

/** In every database of which the user may be. */
async function request(screen: ScreenRequest, email: string): Promise<boolean> {
  const { parsed, visitor, tenant } = screen;
  for (const { name } of databasesForReset(screen)) {
    const asked = { email: normalizedEmail(email), connection: name, ...aboutClient(parsed.client) };
    if (!(await requestPasswordChange(asked, visitor.requester, tenant))) return false;
  }
  return true;
}

function form(
  screen: ScreenRequest,
  email: string,
  errors: ResetRequestProps['errors'] = {},
  status = 200,
): Reply {
  const login_url = pageUrl('login', screen.form.state);
  return screenPage(screen, renderResetRequest({ ...screen.form, email, errors, login_url }), status);
}
