import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderFormPost, renderWebMessage } from './responses.tsx';
import { findTags, readTags, readText } from './testing/read-markup.ts';
import { samplePage as page } from './testing/sample-screens.ts';

const script = (name: string) => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');

describe('RM-5: form_post', () => {
  const redirect_uri = 'https://app.example/callback?kept=1';

  it('is a form to the redirect_uri with the parameters hidden in it, and a button for want of script', () => {
    const html = renderFormPost({
      page,
      redirect_uri,
      parameters: [
        ['code', 'a"b'],
        ['state', '<&>'],
      ],
    });
    expect(findTags(html, 'form', { method: 'post', action: redirect_uri, id: 'form-post' })).toHaveLength(1);
    expect(findTags(html, 'input').map(({ attributes }) => [attributes.name, attributes.value])).toEqual([
      ['code', 'a"b'],
      ['state', '<&>'],
    ]);
    expect(html).toContain('<button type="submit">Continue</button>');
    expect(readText(html)).toContain('https://app.example');
    expect(html).not.toContain('<noscript');
  });

  it('CB-12: is refused for a scheme that runs script', () => {
    for (const dangerous of [
      'javascript:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      'blob:https://a/b',
      '/callback',
      '',
    ]) {
      expect(() => renderFormPost({ page, redirect_uri: dangerous, parameters: [] }), dangerous).toThrow(
        TypeError,
      );
    }
  });

  it('leaves by itself, even when a parameter is called submit', () => {
    const submitted: unknown[] = [];
    const form = { submit: 'a parameter' };
    runInNewContext(script('form-post.js'), {
      document: { getElementById: (id: string) => (id === 'form-post' ? form : null) },
      HTMLFormElement: {
        prototype: {
          submit(this: unknown) {
            submitted.push(this);
          },
        },
      },
    });
    expect(submitted).toEqual([form]);
  });
});

describe('RM-6: web_message', () => {
  const target_origin = 'https://app.example';

  /** What the page's script sends, with these windows around it. */
  function posted(html: string, windows: (sent: unknown[][]) => object): unknown[][] {
    const body = readTags(html).find(({ name }) => name === 'body')?.attributes ?? {};
    const sent: unknown[][] = [];
    const dataset = { targetOrigin: body['data-target-origin'], response: body['data-response'] };
    runInNewContext(script('web-message.js'), { document: { body: { dataset } }, window: windows(sent) });
    return structuredClone(sent);
  }
  const recorder = (sent: unknown[][], to: string) => ({
    postMessage: (...sending: unknown[]) => sent.push([to, ...sending]),
  });

  it('the parent of an iframe gets the response, at the one origin', () => {
    const response = { code: 'c', state: 's' };
    const html = renderWebMessage({ page, target_origin, response });
    expect(posted(html, (sent) => ({ opener: null, parent: recorder(sent, 'parent') }))).toEqual([
      ['parent', { type: 'authorization_response', response }, target_origin],
    ]);
  });

  it('the opener of a popup gets it', () => {
    const response = { error: 'login_required', error_description: 'Login required', state: 's' };
    const html = renderWebMessage({ page, target_origin, response });
    const windows = (sent: unknown[][]) => ({
      opener: recorder(sent, 'opener'),
      parent: recorder(sent, 'self'),
    });
    expect(posted(html, windows)).toEqual([
      ['opener', { type: 'authorization_response', response }, target_origin],
    ]);
  });

  it('LT-5: any response arrives as it was, and never as markup', () => {
    const string = fc.oneof(
      fc.string(),
      fc.constantFrom('</script><svg onload=alert(1)>', '"', '&quot;', '\u2028'),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), string, { noNullPrototype: true }), (response) => {
        const html = renderWebMessage({ page, target_origin, response });
        const [message] = posted(html, (sent) => ({ opener: null, parent: recorder(sent, 'parent') }));
        expect(message?.[1]).toEqual({ type: 'authorization_response', response });
      }),
      { numRuns: 100 },
    );
  });

  it('RM-7: is refused for anything but an origin', () => {
    for (const origin of [
      '*',
      'null',
      '',
      '/',
      'https://app.example/',
      'https://app.example/callback',
      'app.example',
    ]) {
      expect(() => renderWebMessage({ page, target_origin: origin, response: {} }), origin).toThrow(
        TypeError,
      );
    }
  });
});
