import { describe, expect, it } from 'vitest';
import { renderConsent } from './consent.tsx';
import { findTags, readText } from './testing/read-markup.ts';
import { samplePage as page } from './testing/sample-screens.ts';
import { permissionWords } from './texts/permissions.ts';

const consent = {
  page,
  action: '/u/consent',
  csrf: 'c',
  state: 'h',
  client_name: 'Notes',
  user: 'ada@example.com',
};
const words = (...scopes: string[]) => permissionWords(scopes.map((scope) => ({ scope })));

describe('DR-2: an application that registered itself', () => {
  const registered = {
    destination: 'notes.example',
    policy_url: 'https://notes.example/policy',
    terms_url: 'javascript:alert(1)//',
  };
  const html = renderConsent({ ...consent, groups: [], registered });

  it('is said to be one, and where it leads', () => {
    expect(readText(html)).toContain('nobody has checked that it is what it says');
    expect(readText(html)).toContain('You will be sent to notes.example');
  });

  it('has links of its own, which leave the page as it is and run nothing', () => {
    const links = findTags(html, 'a').map(({ attributes }) => attributes);
    expect(links).toEqual([{ href: registered.policy_url, target: '_blank', rel: 'noopener noreferrer' }]);
  });

  it('of any other nothing is said', () => {
    expect(readText(renderConsent({ ...consent, groups: [] }))).not.toContain('registered itself');
  });
});

describe('CN-6: scopes as a person reads them', () => {
  it('action:resource is shown as "Resource: action"', () => {
    expect(words('read:messages')).toEqual(['Messages: read']);
    expect(words('read:user_profile')).toEqual(['User profile: read']);
  });

  it('the actions on one resource share a line', () => {
    expect(words('read:notes', 'admin', 'write:notes')).toEqual(['Notes: read, write', 'admin']);
  });

  it('a description stands in place of the name', () => {
    expect(
      permissionWords([{ scope: 'read:notes', description: 'Read your notes' }, { scope: 'write:notes' }]),
    ).toEqual(['Read your notes', 'Notes: write']);
  });

  it('offline_access is put in words', () => {
    expect(words('offline_access')).toEqual(['Stay signed in: access when you are away']);
  });

  it('a scope of another shape is shown as it is written', () => {
    expect(words('https://api.example/read', ':x', 'constructor', 'a b')).toEqual([
      'https://api.example/read',
      ':x',
      'constructor',
      'a b',
    ]);
  });

  it('a resource named like a plain scope keeps both lines', () => {
    expect(words('Notes', 'read:notes')).toEqual(['Notes', 'Notes: read']);
  });
});

describe('consent', () => {
  it('CN-7: accepts or denies, accepting first', () => {
    const html = renderConsent({ ...consent, groups: [] });
    expect(findTags(html, 'button').map(({ attributes }) => attributes)).toMatchObject([
      { type: 'submit', name: 'action', value: 'accept' },
      { type: 'submit', name: 'action', value: 'deny' },
    ]);
    expect(findTags(html, 'input', { name: 'state', value: 'h' })).toHaveLength(1);
    expect(findTags(html, 'input', { name: 'csrf', value: 'c' })).toHaveLength(1);
  });

  it('CN-6: groups the scopes by API and names client, tenant and user', () => {
    const groups = [
      { permissions: [{ scope: 'email' }] },
      { api_name: 'Notes API', permissions: [{ scope: 'read:notes' }] },
    ];
    const text = readText(renderConsent({ ...consent, groups }));
    expect(text).toContain('Notes is asking for access to your account at Juniper & Sons');
    expect(text).toContain('Your profile See your email address Notes API Notes: read');
    expect(text).toContain('Logged in as ada@example.com');
  });

  it('shows a logo only from where the Content-Security-Policy lets it come', () => {
    for (const client_logo of [
      'http://cdn.example/logo.png',
      'javascript:alert(1)',
      'data:text/html,x',
      '/logo.png',
    ]) {
      expect(findTags(renderConsent({ ...consent, client_logo, groups: [] }), 'img'), client_logo).toEqual(
        [],
      );
    }
    const html = renderConsent({ ...consent, client_logo: 'https://cdn.example/logo.png', groups: [] });
    expect(findTags(html, 'img')).toHaveLength(1);
  });
});
