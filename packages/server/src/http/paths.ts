// Our own paths that more than one file names.
import type { PageStep } from '../login/next-step.ts';

export const pagePaths: Record<PageStep, string> = {
  login: '/u/login',
  'login-id': '/u/login/identifier',
  'login-password': '/u/login/password',
  passwordless: '/u/login/passwordless',
  signup: '/u/signup',
  consent: '/u/consent',
  'confirm-callback': '/u/confirm-callback',
  'reset-password-request': '/u/reset-password/request',
};

export const deviceAuthorizationPath = '/oauth/device/code';

/** RFC 8628 §3.3: where people take a user code, and where that ends. */
export const activationPaths = {
  enter: '/activate',
  allowed: '/activate/success',
  denied: '/activate/denied',
} as const;

export function pageUrl(step: PageStep, handle: string): string {
  return `${pagePaths[step]}?state=${handle}`;
}

/** Where a code is asked for, of this connection. */
export function passwordlessUrl(handle: string, connection: string): string {
  return `${pageUrl('passwordless', handle)}&connection=${encodeURIComponent(connection)}`;
}

/** Where every page returns to. */
export function resumeUrl(handle: string): string {
  return `/authorize/resume?state=${handle}`;
}
