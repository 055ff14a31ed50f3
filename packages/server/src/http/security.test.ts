import { expect, test } from 'vitest';
import { interactivePolicy, originSource, webMessagePolicy } from './security.ts';

test('LT-5: a host adds nothing to a policy but itself', () => {
  expect(originSource('https://fonts.acme.example:8443/a.woff2')).toBe('https://fonts.acme.example:8443');
  expect(originSource('http://[::1]:3000/')).toBe('http://[::1]:3000');
  for (const url of [
    'https://a;sandbox.example/',
    'https://a,default-src.example/',
    "https://a'b.example/",
  ]) {
    expect(originSource(url)).toBe("'none'");
    expect([interactivePolicy(url), webMessagePolicy(url)].join()).not.toContain(new URL(url).host);
  }
});
