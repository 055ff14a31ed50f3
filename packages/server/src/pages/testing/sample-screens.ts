// Every screen once with ordinary props, for the tests and for whoever wants to look at them. Nothing else imports it.

import { passwordRequirementsOf } from '../../model/password-requirements.ts';
import { renderApiReference } from '../api-reference.tsx';
import { renderCallbackConfirmation, renderConsent } from '../consent.tsx';
import {
  renderActivated,
  renderActivationDenied,
  renderDeviceConfirmation,
  renderUserCode,
  renderUserCodeEnded,
} from '../device.tsx';
import {
  renderBusy,
  renderCallbackMismatch,
  renderError,
  renderLostTransaction,
  renderTooManyRequests,
} from '../errors.tsx';
import { renderHome } from '../home.tsx';
import { renderLoginId, renderLoginPassword } from '../identifier-first.tsx';
import type { PageContext } from '../layout.tsx';
import { renderLogin } from '../login.tsx';
import { renderLogoutConfirmation, renderSignedOut } from '../logout.tsx';
import { renderPasswordlessCode, renderPasswordlessStart } from '../passwordless.tsx';
import { renderPasswordlessLink } from '../passwordless-link.tsx';
import {
  renderReset,
  renderResetDone,
  renderResetRequest,
  renderResetSent,
  renderTicketEnded,
  renderVerification,
  renderVerified,
} from '../reset-password.tsx';
import { renderFormPost, renderWebMessage } from '../responses.tsx';
import { renderSignup } from '../signup.tsx';
import { renderTry } from '../try.tsx';

export interface SampleScreen {
  name: string;
  /** Renders it, every string of its props put through `change` first. */
  render(change?: (value: string) => string): string;
}

export const samplePage: PageContext = {
  friendly_name: 'Juniper & Sons',
  lang: 'en',
  asset: (name) => `/assets/${name}?v=1`,
};

const form = {
  action: '/u/login?state=hKFo2',
  csrf: 'c2FtcGxl',
  state: 'hKFo2',
  client_name: 'Juniper Notes',
};
const tracking = '3f1d6a0c9b2e47d8';
const back_url = 'https://notes.example.com/login';

export function sampleScreens(page: PageContext = samplePage): SampleScreen[] {
  const { asset, ...pageStrings } = page;

  function screen<Props extends object>(
    name: string,
    render: (props: Props & { page: PageContext }) => string,
    props: Props,
  ): SampleScreen {
    const source = JSON.stringify({ props, pageStrings });
    return {
      name,
      render(change = (value) => value) {
        const changed: { props: Props; pageStrings: Omit<PageContext, 'asset'> } = JSON.parse(
          source,
          (_key, value: unknown) => (typeof value === 'string' ? change(value) : value),
        );
        return render({ ...changed.props, page: { ...changed.pageStrings, asset } });
      },
    };
  }

  const urls = { signup_url: '/u/signup?state=hKFo2', reset_url: '/u/reset-password/request?state=hKFo2' };
  const login = { ...form, ...urls, username: '' };
  const loginPassword = {
    ...login,
    username: 'ada@example.com',
    edit_url: '/u/login/identifier?state=hKFo2',
  };
  const ticketForm = {
    action: '/u/reset-password',
    csrf: 'c2FtcGxl',
    ticket: 'hKFo2',
    email: 'ada@example.com',
    policy: passwordRequirementsOf({ passwordPolicy: 'good' }),
  };
  return [
    screen('api-reference', renderApiReference, {
      url: 'https://login.example/api/v2',
      subjects: [
        {
          name: 'roles',
          operations: [
            {
              method: 'PATCH',
              path: '/roles/{id}',
              summary: 'Update a role',
              scopes: ['update:roles'],
              parameters: [{ name: 'id', type: 'string', required: true }],
              body: [{ name: 'name', type: 'string', required: false, description: 'The name of it' }],
              status: '200',
            },
          ],
        },
      ],
    }),
    screen('login', renderLogin, login),
    screen('login-plain', renderLogin, { ...form, username: 'ada@example.com' }),
    screen('login-refused', renderLogin, {
      ...login,
      username: 'ada@example.com',
      error: 'Wrong email or password.',
      connections: [
        { name: 'google-oauth2', display_name: 'Google', strategy: 'google-oauth2' },
        { name: 'okta', display_name: 'Juniper staff', strategy: 'oidc' },
      ],
    }),
    screen('login-id', renderLoginId, { ...login, takes_usernames: true }),
    screen('login-id-refused', renderLoginId, {
      ...login,
      error: 'Enter your email address',
      connections: [{ name: 'email', display_name: 'a code by email', strategy: 'email' }],
    }),
    screen('login-password', renderLoginPassword, loginPassword),
    screen('login-password-refused', renderLoginPassword, {
      ...loginPassword,
      error: 'Wrong email or password.',
    }),
    screen('passwordless', renderPasswordlessStart, {
      ...form,
      connection: 'email',
      strategy: 'email' as const,
      identifier: '',
      login_url: '/u/login?state=hKFo2',
      others: [{ strategy: 'sms' as const, url: '/u/login/passwordless?state=hKFo2&connection=sms' }],
    }),
    screen('passwordless-refused', renderPasswordlessStart, {
      ...form,
      connection: 'sms',
      strategy: 'sms' as const,
      identifier: '12',
      error: 'Write the number with + and the country code',
    }),
    screen('passwordless-code', renderPasswordlessCode, {
      ...form,
      connection: 'email',
      strategy: 'email' as const,
      identifier: 'ada@example.com',
      start_url: '/u/login/passwordless?state=hKFo2',
    }),
    screen('passwordless-code-refused', renderPasswordlessCode, {
      ...form,
      connection: 'sms',
      strategy: 'sms' as const,
      identifier: '+442079460000',
      error: 'This code is wrong, or it has expired.',
      start_url: '/u/login/passwordless?state=hKFo2',
    }),
    screen('signup', renderSignup, {
      ...form,
      policy: passwordRequirementsOf({ passwordPolicy: 'good' }),
      email: '',
      login_url: '/u/login?state=hKFo2',
    }),
    screen('signup-refused', renderSignup, {
      ...form,
      policy: passwordRequirementsOf({ passwordPolicy: 'excellent', password_history: { enable: true } }),
      email: 'ada@',
      username: { typed: 'ada lovelace', required: true },
      errors: {
        email: 'Email is not valid.',
        password: 'Password is too weak.',
        form: 'Something went wrong.',
      },
      login_url: '/u/login?state=hKFo2',
    }),
    screen('reset-request', renderResetRequest, { ...form, email: '', login_url: '/u/login?state=hKFo2' }),
    screen('reset-request-refused', renderResetRequest, {
      ...form,
      email: 'ada@',
      errors: { email: 'This is not a complete email address', form: 'Too many messages were asked for.' },
      login_url: '/u/login?state=hKFo2',
    }),
    screen('reset-sent', renderResetSent, { email: 'ada@example.com', login_url: '/u/login?state=hKFo2' }),
    screen('reset', renderReset, ticketForm),
    screen('reset-refused', renderReset, { ...ticketForm, error: 'This password is too short' }),
    screen('reset-done', renderResetDone, { onward_url: back_url }),
    screen('verification', renderVerification, ticketForm),
    screen('verified', renderVerified, { onward_url: back_url }),
    screen('passwordless-link', renderPasswordlessLink, {
      ...form,
      action: '/passwordless/verify_redirect',
      link: 'hKFo2',
      email: 'ada@example.com',
    }),
    screen('ticket-ended', renderTicketEnded, {}),
    screen('consent', renderConsent, {
      ...form,
      client_logo: sampleLogo,
      user: 'ada@example.com',
      groups: [
        {
          permissions: [
            { scope: 'openid' },
            { scope: 'profile' },
            { scope: 'email' },
            { scope: 'offline_access' },
          ],
        },
        {
          api_name: 'Notes API',
          permissions: [
            { scope: 'read:notes' },
            { scope: 'write:notes' },
            { scope: 'share:note_books', description: 'Share your notebooks with others' },
            { scope: 'admin' },
          ],
        },
      ],
    }),
    screen('consent-registered', renderConsent, {
      ...form,
      client_logo: sampleLogo,
      user: 'ada@example.com',
      groups: [{ permissions: [{ scope: 'openid' }, { scope: 'offline_access' }] }],
      registered: {
        destination: 'notes.example',
        policy_url: 'https://notes.example/policy',
        terms_url: 'https://notes.example/terms',
      },
    }),
    screen('callback-confirmation', renderCallbackConfirmation, {
      ...form,
      redirect_uri: 'com.example.notes://login.example.com/android/com.example.notes/callback',
    }),
    screen('user-code', renderUserCode, { action: '/activate', charset: 'base20' as const, user_code: '' }),
    screen('user-code-refused', renderUserCode, {
      action: '/activate',
      charset: 'digits' as const,
      user_code: '123-456-789',
      error: 'This code is wrong or has expired.',
    }),
    screen('device-confirmation', renderDeviceConfirmation, {
      ...form,
      user_code: 'WDJB-MJHT',
      user: 'ada@example.com',
    }),
    screen('activated', renderActivated, {}),
    screen('activation-denied', renderActivationDenied, {}),
    screen('user-code-ended', renderUserCodeEnded, { retry_url: '/activate' }),
    screen('logout', renderLogoutConfirmation, { ...form, action: '/oidc/logout' }),
    screen('signed-out', renderSignedOut, { back_url }),
    screen('error', renderError, {
      error: 'invalid_request',
      error_description: 'Unknown client: wXqpB7b3L0FakeClientIdOfNobody1',
      tracking,
      back_url,
    }),
    screen('callback-mismatch', renderCallbackMismatch, {
      redirect_uri: 'http://localhost:5173/callback?from=somewhere',
      tracking,
    }),
    screen('lost-transaction', renderLostTransaction, { tracking, back_url }),
    screen('too-many-requests', renderTooManyRequests, { retry_url: '/authorize/resume?state=hKFo2' }),
    screen('busy', renderBusy, { retry_url: '/authorize/resume?state=hKFo2' }),
    screen('home', renderHome, {
      issuer: 'http://localhost:3000/',
      try_url: '/try',
      dashboard_url: '/dashboard',
    }),
    screen('try', renderTry, { issuer: 'http://localhost:3000/', client_id: 'try' }),
    screen('form-post', renderFormPost, {
      redirect_uri: 'https://notes.example.com/callback',
      parameters: [
        ['code', 'SplxlOBeZQQYbYS6WxSbIA'],
        ['state', 'af0ifjsldkj'],
      ] as [string, string][],
    }),
    screen('web-message', renderWebMessage, {
      target_origin: 'https://notes.example.com',
      response: { code: 'SplxlOBeZQQYbYS6WxSbIA', state: 'af0ifjsldkj' },
    }),
  ];
}

const sampleLogo =
  'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64"%3E%3Ccircle cx="32" cy="32" r="32" fill="%23e2a33c"/%3E%3C/svg%3E';
