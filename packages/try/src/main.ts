// The page at /try: the whole flow in the browser with @freehold/client, every step shown as it happens. The server
// serves one shell at /try and at /try/callback; this file decides which half of the walk the page is in. It must
// not know anything of the server's inside: it is one more application.

import { findBegun, forgetBegun, takeLogout } from './begun.ts';
import { element } from './dom.ts';
import { startForm } from './start-form.ts';
import { Timeline } from './timeline.ts';
import { Walk } from './walk.ts';
import { stepNames } from './words.ts';

function introduction(lead: string): HTMLElement {
  return element(
    'div',
    { class: 'introduction' },
    element('h1', {}, 'Try a login, step by step'),
    element('p', { class: 'lead' }, lead),
  );
}

/** Every request of this page goes to the issuer, which the browser allows from its own origin only. */
function showOtherOrigin(main: HTMLElement, issuer: string): void {
  const address = `${issuer}try`;
  main.replaceChildren(
    introduction('This server answers under another address than the one in your address bar.'),
    element('p', {}, element('a', { class: 'button', href: address }, `Go to ${address}`)),
  );
}

function showStart(main: HTMLElement, timeline: Timeline, walk: Walk): void {
  forgetBegun();
  const form = startForm((options) => void walk.start(options));
  main.replaceChildren(
    introduction(
      'The Authorization Code Flow with PKCE, as an application goes through it. Nothing is hidden, and nothing is simulated.',
    ),
    form,
    timeline.voice,
    timeline.list,
  );
  if (takeLogout()) walk.showLogout();
}

async function showCallback(main: HTMLElement, timeline: Timeline, walk: Walk): Promise<void> {
  const callback = new URL(location.href);
  // A code is of no use twice: it need not stay in the address bar and the history.
  history.replaceState(null, '', callback.pathname);
  main.replaceChildren(
    introduction(
      'The server has answered. Below is all that happened, and all that the application now holds.',
    ),
    element('p', {}, element('a', { class: 'button secondary', href: '/try' }, 'Start again')),
    timeline.voice,
    timeline.list,
  );
  const begun = findBegun();
  if (begun !== undefined) walk.showBegun(begun);
  await walk.resume(callback, begun?.automatic ?? true);
}

const main = document.querySelector<HTMLElement>('main#try');
const { issuer, clientId } = main?.dataset ?? {};
if (main && issuer !== undefined && clientId !== undefined) {
  const timeline = new Timeline(stepNames);
  if (location.origin !== new URL(issuer).origin) showOtherOrigin(main, issuer);
  else {
    const walk = new Walk(timeline, issuer, clientId);
    const parameters = new URLSearchParams(location.search);
    if (parameters.has('code') || parameters.has('error')) await showCallback(main, timeline, walk);
    else showStart(main, timeline, walk);
  }
}
