import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  callbackProblem,
  hasPlaceholder,
  logoutUrlProblem,
  originProblem,
  webUrlProblem,
} from './registered-url.ts';

describe('callbacks', () => {
  test.each([
    ['https', 'https://app.example.com/callback'],
    ['CB-2: a query', 'https://app.example.com/callback?tenant=a&x=%20'],
    ['CB-9: a custom scheme', 'com.myclientapp://myclientapp.com/callback'],
    ['RFC 8252 §7.1: a custom scheme without host', 'com.example.app:/oauth2redirect/example.com'],
    ['CB-10: localhost', 'http://localhost:3000/'],
    ['CB-10: IPv4 loopback', 'http://127.0.0.1/callback'],
    ['CB-10: IPv6 loopback', 'http://[::1]:8080/callback'],
    ['CB-4: a wildcard label', 'https://*.example.com/callback'],
    ['CB-4: a wildcard with prefix and suffix', 'https://preview-*-web.example.com/callback'],
    ['CB-5: the organization', 'https://{organization_name}.example.com/callback'],
    ['CB-6: custom domain metadata', 'https://{custom_domain.metadata.public_host}.example.com/callback'],
    ['an upper-case host', 'https://App.Example.com/callback'],
  ])('%s may be registered: %s', (_, url) => {
    expect(callbackProblem(url)).toBeUndefined();
    expect(logoutUrlProblem(url)).toBeUndefined();
  });

  test.each([
    ['CB-12', 'javascript:alert(1)', 'scheme javascript:'],
    ['CB-12', 'JavaScript://example.com/%0Aalert(1)', 'scheme javascript:'],
    ['CB-12', 'data:text/html,x', 'scheme data:'],
    ['CB-12', 'vbscript:x', 'scheme vbscript:'],
    ['CB-12', 'blob:https://example.com/1', 'scheme blob:'],
    ['CB-12', 'file:///etc/passwd', 'scheme file:'],
    ['CB-12', 'app.example.com/callback', 'whole URL'],
    ['CB-12', '//app.example.com/callback', 'whole URL'],
    ['CB-12', 'localhost:3000/callback', 'whole URL'],
    ['CB-12', '', 'visible ASCII'],
    ['RFC 6749 §3.1.2', 'https://app.example.com/callback#done', 'fragment'],
    ['no user name', 'https://app.example.com@evil.example/callback', 'user name'],
    ['no user name', 'com.example.app://user@host/callback', 'user name'],
    ['no backslash', 'https://app.example.com\\@evil.example/', 'percent-encoded'],
    ['no control character', 'https://app.example.com/\r\nx', 'visible ASCII'],
    ['no space', 'https://app.example.com/ callback', 'visible ASCII'],
    ['no other alphabet', 'https://bücher.example/', 'visible ASCII'],
    ['no broken escape', 'https://app.example.com/%zz', '%25'],
    ['a host', 'https:///callback', 'host'],
    ['a host', 'https:app.example.com', 'whole URL'],
    ['a usual host', 'https://127.1/callback', '127.0.0.1'],
    ['a host that ends no directive', 'https://app;sandbox.example/', 'host'],
    ['a host that ends no policy', 'https://app,default-src.example/', 'host'],
    ['a valid port', 'https://app.example.com:99999/callback', 'port'],
    ['CB-4: https://*.com is invalid', 'https://*.com/', 'two labels'],
    ['CB-4: in the left-most label', 'https://app.*.example.com/', 'left-most'],
    ['CB-4: at most one', 'https://*-*.example.com/', 'one *'],
    ['CB-4: in the host', 'https://app.example.com/*', 'host only'],
    ['CB-4: in the host', 'https://app.example.com:*/', 'host'],
    ['CB-4: of a name', 'https://*.0.0.1/', 'two labels'],
    ['CB-4: http or https', 'com.example.app://*.example.com/', 'http or https'],
    ['CB-5: the whole label', 'https://a-{organization_name}.example.com/', 'whole left-most'],
    ['CB-5: the left-most label', 'https://a.{organization_name}.example.com/', 'whole left-most'],
    ['CB-5: once', 'https://{organization_name}.{organization_name}.com/', 'no other placeholder'],
    ['CB-5: not with *', 'https://*.{organization_name}.com/', 'together'],
    ['CB-5: not in the path', 'https://app.example.com/{organization_name}', 'host only'],
    [
      'CB-6: public keys only',
      'https://{custom_domain.metadata.secret}.example.com/',
      'no other placeholder',
    ],
  ])('%s: %j is refused', (_, url, words) => {
    expect(callbackProblem(url)).toContain(words);
    expect(logoutUrlProblem(url)).toContain(words);
  });

  test.each(['https://*.example.com/', 'https://{organization_name}.example.com/'])(
    'CB-8: a third-party client may not register %s',
    (url) => {
      expect(callbackProblem(url, { exact_only: true })).toContain('exact');
    },
  );

  test('CB-5: a placeholder is told from an exact URL', () => {
    expect(hasPlaceholder('https://{organization_name}.example.com/')).toBe(true);
    expect(hasPlaceholder('https://*.example.com/')).toBe(false);
  });

  test('whatever is accepted begins with a harmless scheme, has no user name and no fragment', () => {
    const piece = fc.constantFrom(
      'https:',
      'javascript:',
      '//',
      '/',
      '\\',
      '@',
      '#',
      '*',
      '.',
      ':',
      '{',
      '%',
      'a',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
        const url = pieces.join('');
        if (callbackProblem(url) !== undefined) return;
        expect(url).toMatch(/^[a-z][a-z0-9+.-]*:\//i);
        expect(url).not.toMatch(/^(javascript|data|vbscript|blob|file):/i);
        const parsed = new URL(url.replace('{organization_name}', 'x').replace('*', 'x'));
        expect([parsed.username, parsed.password, parsed.hash]).toEqual(['', '', '']);
      }),
    );
  });
});

describe('RM-8: origins', () => {
  test.each([
    'https://app.example.com',
    'http://localhost:3000',
    'https://*.example.com',
    'https://*.example.com:8443',
    'capacitor://localhost',
  ])('%s may be registered', (origin) => {
    expect(originProblem(origin)).toBeUndefined();
  });

  test.each([
    ['https://app.example.com/', 'write https://app.example.com'],
    ['https://app.example.com/path', 'without a path'],
    ['https://app.example.com?x=1', 'without a path'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['https://App.example.com', 'https://app.example.com'],
    ['com.example.app:/x', 'must be an origin'],
    ['null', 'whole URL'],
  ])('%s is refused', (origin, words) => {
    expect(originProblem(origin)).toContain(words);
  });
});

describe('pages that the server sends browsers to', () => {
  test.each(['https://app.example.com/login?x=1', 'http://localhost:3000/', 'http://127.0.0.1/'])(
    '%s is accepted',
    (url) => {
      expect(webUrlProblem(url)).toBeUndefined();
    },
  );
  test.each(['http://app.example.com/', 'http://127.evil.example/', 'com.app://x', 'https://*.example.com/'])(
    '%s is refused',
    (url) => {
      expect(webUrlProblem(url)).toBeDefined();
    },
  );
});
