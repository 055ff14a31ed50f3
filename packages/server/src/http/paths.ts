// Our own paths that more than one file names.
import type { PageStep } from '../login/next-step.ts';

export const pagePaths: Record<PageStep, string> = {
  login: '/u/login',
  signup: '/u/signup',
  consent: '/u/consent',
  'confirm-callback': '/u/confirm-callback',
};

export function pageUrl(step: PageStep, handle: string): string {
  return `${pagePaths[step]}?state=${handle}`;
}

/** Where every page returns to. */
export function resumeUrl(handle: string): string {
  return `/authorize/resume?state=${handle}`;
}
