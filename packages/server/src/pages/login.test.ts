import { describe, expect, it } from 'vitest';
import { passwordRequirementsOf } from '../model/password-requirements.ts';
import { renderCallbackConfirmation } from './consent.tsx';
import { renderLoginId, renderLoginPassword } from './identifier-first.tsx';
import { renderLogin } from './login.tsx';
import { renderLogoutConfirmation, renderSignedOut } from './logout.tsx';
import { renderSignup } from './signup.tsx';
import { findTags, readText } from './testing/read-markup.ts';
import { samplePage as page } from './testing/sample-screens.ts';

const form = { page, action: '/u/login?state=h', csrf: 'c', state: 'h', client_name: 'Notes' };

function expectForm(html: string): void {
  expect(findTags(html, 'form', { method: 'post', action: '/u/login?state=h' })).toHaveLength(1);
  expect(findTags(html, 'input', { type: 'hidden', name: 'state', value: 'h' })).toHaveLength(1);
  expect(findTags(html, 'input', { type: 'hidden', name: 'csrf', value: 'c' })).toHaveLength(1);
}

describe('login', () => {
  it('is the plain form that scripts for hosted login pages know', () => {
    const html = renderLogin({ ...form, username: '' });
    expectForm(html);
    expect(
      findTags(html, 'input', { id: 'username', name: 'username', autocomplete: 'username' }),
    ).toHaveLength(1);
    expect(
      findTags(html, 'input', {
        id: 'password',
        name: 'password',
        type: 'password',
        autocomplete: 'current-password',
      }),
    ).toHaveLength(1);
    expect(html).toContain('<button type="submit" name="action" value="default">Continue</button>');
    expect(findTags(html, 'button', { type: 'submit' })).toHaveLength(1);
    expect(readText(html)).toContain('Continue to Notes');
  });

  it('keeps what was typed, but never a password', () => {
    const html = renderLogin({ ...form, username: 'ada@example.com', error: 'Wrong email or password.' });
    expect(findTags(html, 'input', { id: 'username', value: 'ada@example.com' })).toHaveLength(1);
    expect(findTags(html, 'input', { id: 'password' })[0]?.attributes).not.toHaveProperty('value');
  });

  it('UL-8: an error is announced and belongs to both fields', () => {
    const html = renderLogin({ ...form, username: '', error: 'Wrong email or password.' });
    expect(findTags(html, 'div', { role: 'alert' })).toHaveLength(1);
    expect(html).toContain('<p id="error">Wrong email or password.</p>');
    expect(findTags(html, 'input', { 'aria-invalid': 'true', 'aria-describedby': 'error' })).toHaveLength(2);
    expect(html).toContain('<title>Error: Log in');
  });

  it('without an error nothing is invalid', () => {
    const html = renderLogin({ ...form, username: '' });
    expect(html).not.toContain('aria-invalid');
    expect(html).not.toContain('role="alert"');
  });

  it('offers sign-up and a new password only where they exist', () => {
    const plain = renderLogin({ ...form, username: '' });
    expect(findTags(plain, 'a')).toEqual([]);
    const html = renderLogin({
      ...form,
      username: '',
      signup_url: '/u/signup?state=h',
      reset_url: '/u/reset?state=h',
    });
    expect(findTags(html, 'a').map(({ attributes }) => attributes.href)).toEqual([
      '/u/reset?state=h',
      '/u/signup?state=h',
    ]);
    expect(readText(html)).toContain('Forgot password?');
    expect(readText(html)).toContain('Don’t have an account? Sign up');
  });

  it('UL-4: one button per connection, in a form of its own that asks for no password', () => {
    const connections = [{ name: 'google-oauth2', display_name: 'Google', strategy: 'google-oauth2' }];
    const html = renderLogin({ ...form, username: '', connections });
    expect(findTags(html, 'form')).toHaveLength(2);
    expect(
      findTags(html, 'button', { type: 'submit', name: 'connection', value: 'google-oauth2' }),
    ).toHaveLength(1);
    expect(html.lastIndexOf('type="password"')).toBeLessThan(html.indexOf('</form>'));
    expect(readText(html)).toContain('Continue with Google');
  });

  it('a form of ours goes to a path of this server only', () => {
    for (const action of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'javascript:1',
      '',
    ]) {
      expect(() => renderLogin({ ...form, action, username: '' }), action).toThrow(TypeError);
    }
  });
});

describe('UL-3: login on two pages', () => {
  const edit_url = '/u/login/identifier?state=h';

  it('the first asks who it is, and nothing else', () => {
    const html = renderLoginId({ ...form, username: '', signup_url: '/u/signup?state=h' });
    expectForm(html);
    expect(
      findTags(html, 'input', { id: 'username', name: 'username', autocomplete: 'username', required: '' }),
    ).toHaveLength(1);
    expect(html).toContain('<button type="submit" name="action" value="default">Continue</button>');
    expect(html).not.toContain('password');
    expect(findTags(html, 'a').map(({ attributes }) => attributes.href)).toEqual(['/u/signup?state=h']);
    const refused = renderLoginId({ ...form, username: '', error: 'Enter your email address' });
    expect(
      findTags(refused, 'input', { 'aria-invalid': 'true', 'aria-describedby': 'username-error' }),
    ).toHaveLength(1);
  });

  it('the second says whose password it asks for, to password managers too', () => {
    const html = renderLoginPassword({ ...form, username: 'ada', edit_url, reset_url: '/u/reset?state=h' });
    expectForm(html);
    const stated = { id: 'username', name: 'username', value: 'ada', autocomplete: 'username', readonly: '' };
    expect(findTags(html, 'input', stated)).toHaveLength(1);
    expect(
      findTags(html, 'input', { name: 'password', type: 'password', autocomplete: 'current-password' }),
    ).toHaveLength(1);
    expect(findTags(html, 'a').map(({ attributes }) => attributes.href)).toEqual([
      edit_url,
      '/u/reset?state=h',
    ]);
    expect(html).not.toContain('aria-invalid');
    const refused = renderLoginPassword({ ...form, username: 'ada', edit_url, error: 'Wrong.' });
    expect(findTags(refused, 'input', { 'aria-describedby': 'error' })).toHaveLength(1);
  });
});

describe('sign-up', () => {
  it('UL-5: is a plain form for a new password', () => {
    const html = renderSignup({
      ...form,
      policy: passwordRequirementsOf({ passwordPolicy: 'good' }),
      email: 'ada@example.com',
      login_url: '/u/login?state=h',
    });
    expectForm(html);
    expect(
      findTags(html, 'input', {
        id: 'email',
        name: 'email',
        autocomplete: 'email',
        value: 'ada@example.com',
      }),
    ).toHaveLength(1);
    expect(
      findTags(html, 'input', {
        id: 'password',
        name: 'password',
        type: 'password',
        autocomplete: 'new-password',
      }),
    ).toHaveLength(1);
    expect(html).toContain('<button type="submit" name="action" value="default">Continue</button>');
    expect(findTags(html, 'a', { href: '/u/login?state=h' })).toHaveLength(1);
  });

  it('spells out the password policy "Good" and ties it to the field', () => {
    const html = renderSignup({
      ...form,
      policy: passwordRequirementsOf({ passwordPolicy: 'good' }),
      email: '',
    });
    expect(findTags(html, 'input', { id: 'password', 'aria-describedby': 'password-policy' })).toHaveLength(
      1,
    );
    expect(readText(html)).toContain(
      'At least 8 characters At least 3 of the following: Lower case letters (a-z) Upper case letters (A-Z) Numbers (0-9) Special characters',
    );
  });

  it.each([
    ['none', 'At least 1 character'],
    ['low', 'At least 6 characters'],
    [
      'fair',
      'At least 8 characters All of the following: Lower case letters (a-z) Upper case letters (A-Z) Numbers (0-9)',
    ],
    ['excellent', 'No more than 2 identical characters in a row'],
  ] as const)('UP-12: says what the policy %s asks for', (policy, words) => {
    const text = readText(
      renderSignup({ ...form, policy: passwordRequirementsOf({ passwordPolicy: policy }), email: '' }),
    );
    expect(text).toContain(words);
    expect(text.includes('Special characters')).toBe(policy === 'excellent');
    expect(text.includes('At least 10 characters')).toBe(policy === 'excellent');
  });

  it('shows each error at its field', () => {
    const html = renderSignup({
      ...form,
      policy: passwordRequirementsOf({ passwordPolicy: 'good' }),
      email: 'ada@',
      errors: { email: 'Email is not valid.', password: 'Too weak.' },
    });
    expect(html).toContain('id="email-error">Email is not valid.</p>');
    expect(html).toContain('id="password-error">Too weak.</p>');
    expect(
      findTags(html, 'input', { id: 'email', 'aria-invalid': 'true', 'aria-describedby': 'email-error' }),
    ).toHaveLength(1);
    expect(
      findTags(html, 'input', { id: 'password', 'aria-describedby': 'password-error password-policy' }),
    ).toHaveLength(1);
  });

  it('an error of the whole is announced and marks no field', () => {
    const html = renderSignup({
      ...form,
      policy: passwordRequirementsOf({ passwordPolicy: 'good' }),
      email: '',
      errors: { form: 'The user already exists.' },
    });
    expect(html).toContain('<p id="error">The user already exists.</p>');
    expect(html).not.toContain('aria-invalid');
  });
});

it('CB-13: the callback confirmation names the client and the address, and asks', () => {
  const redirect_uri = 'com.example.app://login.example.com/callback';
  const html = renderCallbackConfirmation({ ...form, redirect_uri });
  expectForm(html);
  expect(readText(html)).toContain(`You are signing in to Notes at ${redirect_uri}`);
  expect(readText(html)).toContain('Continue only if you trust it');
  expect(findTags(html, 'button').map(({ attributes }) => attributes.value)).toEqual(['accept', 'deny']);
  expect(findTags(html, 'a', { href: redirect_uri })).toEqual([]);
});

it('LO-11: the logout confirmation has one submit button', () => {
  const html = renderLogoutConfirmation(form);
  expectForm(html);
  expect(findTags(html, 'button').map(({ attributes }) => attributes.type)).toEqual(['submit']);
});

it('signed out: a way back only where there is one', () => {
  expect(findTags(renderSignedOut({ page }), 'a')).toEqual([]);
  expect(findTags(renderSignedOut({ page, back_url: 'javascript:alert(1)' }), 'a')).toEqual([]);
  expect(findTags(renderSignedOut({ page, back_url: 'https://app.example/' }), 'a')).toHaveLength(1);
});
