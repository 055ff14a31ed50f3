import { expect, it } from 'vitest';
import {
  renderBusy,
  renderCallbackMismatch,
  renderError,
  renderLostTransaction,
  renderTooManyRequests,
} from './errors.tsx';
import { renderHome } from './home.tsx';
import { findTags, readText } from './testing/read-markup.ts';
import { samplePage as page } from './testing/sample-screens.ts';

const tracking = '3f1d6a0c';

it('AZ-58: the error page says "Oops!, something went wrong", error and description', () => {
  const text = readText(
    renderError({ page, tracking, error: 'invalid_request', error_description: 'Unknown client: x' }),
  );
  expect(text).toContain('Oops!, something went wrong invalid_request: Unknown client: x');
  expect(text).toContain('Tracking ID: 3f1d6a0c');
});

it('an error without a description stands alone', () => {
  expect(readText(renderError({ page, tracking, error: 'access_denied' }))).toContain(
    'went wrong access_denied Tracking',
  );
});

it('AZ-55: a callback mismatch has its title and its text, and the address is no link', () => {
  const redirect_uri = 'https://evil.example/callback';
  const html = renderCallbackMismatch({ page, tracking, redirect_uri });
  expect(html).toContain('<h1>Callback URL mismatch.</h1>');
  expect(readText(html)).toContain('The provided redirect_uri is not in the list of allowed callback URLs.');
  expect(readText(html)).toContain('Application Settings page');
  expect(readText(html)).toContain(redirect_uri);
  expect(findTags(html, 'a')).toEqual([]);
});

it('AZ-66: a lost transaction is invalid_request, with what may have happened', () => {
  const text = readText(renderLostTransaction({ page, tracking }));
  expect(text).toContain('invalid_request: ');
  for (const cause of ['back button', 'refreshed', 'too many login dialogs', 'cookies', 'session']) {
    expect(text).toContain(cause);
  }
});

it('leads back to the application where its address is http(s)', () => {
  const back_url = 'https://app.example/login';
  expect(findTags(renderLostTransaction({ page, tracking, back_url }), 'a', { href: back_url })).toHaveLength(
    1,
  );
  expect(findTags(renderLostTransaction({ page, tracking, back_url: 'data:text/html,x' }), 'a')).toEqual([]);
});

it.each([renderTooManyRequests, renderBusy])('%O says what to do', (render) => {
  expect(readText(render({ page }))).toMatch(/please (wait|try again)/);
  expect(findTags(render({ page }), 'a')).toEqual([]);
  expect(findTags(render({ page, retry_url: '/authorize/resume?state=h' }), 'a')).toHaveLength(1);
});

it('home links to /try and to the dashboard only while they are served', () => {
  const issuer = 'https://id.example.com/';
  const html = renderHome({ page, issuer, try_url: '/try', dashboard_url: '/dashboard' });
  for (const href of ['/try', '/dashboard']) {
    expect(findTags(renderHome({ page, issuer }), 'a', { href })).toEqual([]);
    expect(findTags(html, 'a', { href })).toHaveLength(1);
  }
  expect(findTags(html, 'a', { href: '/.well-known/openid-configuration' })).toHaveLength(1);
  expect(readText(html)).toContain(issuer);
});
