import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTags, readTags, readText } from './testing/read-markup.ts';
import { samplePage, sampleScreens } from './testing/sample-screens.ts';

const brandedPage = {
  ...samplePage,
  theme_url: '/assets/theme.css?v=1',
  favicon_url: 'https://cdn.example.com/favicon.ico',
  logo_url: 'https://cdn.example.com/logo.svg',
  support_email: 'help@example.com',
  support_url: 'https://example.com/help',
};
const screens = sampleScreens(brandedPage);
const visible = screens.filter(({ name }) => name !== 'web-message');
const attack = '"><svg onload=alert(1)>';

/** Every tag that a screen of ours writes. */
const vocabulary = new Set(
  [...screens, ...sampleScreens()].flatMap(({ render }) => readTags(render()).map(({ name }) => name)),
);

/** A rendered page, or nothing where the screen refuses such a value. */
function renderUnlessRefused(render: () => string): string | undefined {
  try {
    return render();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function expectNoForeignMarkup(html: string, plain: string): void {
  for (const { name, attributes } of readTags(html)) {
    expect(vocabulary).toContain(name);
    expect(Object.keys(attributes).filter((key) => key.startsWith('on') || key === 'style')).toEqual([]);
    expect(attributes.href ?? attributes.src ?? attributes.action ?? '').not.toMatch(
      /^\s*(javascript|vbscript):/i,
    );
  }
  expect(findTags(html, 'script').map(({ attributes }) => attributes.src)).toEqual(
    findTags(plain, 'script').map(({ attributes }) => attributes.src),
  );
}

describe.each(screens)('$name', ({ render }) => {
  it('is a whole document with language, direction and title', () => {
    const html = render();
    expect(html.startsWith('<!doctype html><html ')).toBe(true);
    expect(findTags(html, 'html', { lang: 'en', dir: 'ltr' })).toHaveLength(1);
    expect(html).toMatch(/<title>[^<]+ · (Juniper &amp; Sons|Freehold)<\/title>/);
    expect(findTags(html, 'h1')).toHaveLength(1);
    expect(findTags(html, 'main')).toHaveLength(1);
  });

  it("LT-5: needs no more than script-src 'self'; style-src 'self'; img-src https: data:", () => {
    const html = render();
    expect(findTags(html, 'style')).toEqual([]);
    expect(html).not.toMatch(/<script[^>]*>[^<]/);
    for (const { name, attributes } of readTags(html)) {
      expect(Object.keys(attributes).filter((key) => key === 'style' || key.startsWith('on'))).toEqual([]);
      if (name === 'script' || attributes.rel === 'stylesheet') {
        expect(attributes.src ?? attributes.href).toMatch(/^\/assets\/[\w.-]+\?v=1$/);
      }
      if (name === 'img' || attributes.rel === 'icon') {
        expect(attributes.src ?? attributes.href).toMatch(/^(https:|data:)/);
      }
    }
  });

  it('labels every input, and gives no id twice', () => {
    const html = render();
    const ids = readTags(html).flatMap(({ attributes }) =>
      attributes.id === undefined ? [] : [attributes.id],
    );
    expect(new Set(ids).size).toBe(ids.length);
    const labels = findTags(html, 'label').map(({ attributes }) => attributes.for);
    const inputs = findTags(html, 'input').filter(({ attributes }) => attributes.type !== 'hidden');
    expect(inputs.map(({ attributes }) => attributes.id)).toEqual(labels);
    for (const { attributes } of readTags(html)) {
      for (const id of attributes['aria-describedby']?.split(' ') ?? []) expect(ids).toContain(id);
    }
  });

  it('shows whatever stands in one of its strings as characters, never as markup', () => {
    const plain = render();
    let strings = 0;
    render((value) => {
      strings += 1;
      return value;
    });
    for (let hostile = 0; hostile < strings; hostile += 1) {
      for (const change of [
        (value: string) => `${value}${attack}`,
        () => attack,
        () => 'javascript:alert(1)',
      ]) {
        let index = -1;
        const html = renderUnlessRefused(() =>
          render((value) => {
            index += 1;
            return index === hostile ? change(value) : value;
          }),
        );
        if (html !== undefined) expectNoForeignMarkup(html, plain);
      }
    }
  });

  it('shows any mixture of characters that HTML knows as characters', () => {
    const plain = render();
    const piece = fc.constantFrom(
      '"',
      "'",
      '<',
      '>',
      '&',
      '</',
      '-->',
      '<!--',
      'script',
      'title',
      '&lt;',
      '`',
      '=',
      'onload=',
      '\u0000',
      '\u202e',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const html = renderUnlessRefused(() => render((value) => value + pieces.join('')));
        if (html !== undefined) expectNoForeignMarkup(html, plain);
      }),
      { numRuns: 40 },
    );
  });
});

describe('every screen that is seen', () => {
  it('AZ-58: shows the logo, the support e-mail and the support URL of the tenant', () => {
    for (const { name, render } of visible.filter(
      (screen) => !['home', 'try', 'api-reference'].includes(screen.name),
    )) {
      const html = render();
      expect(findTags(html, 'img', { src: brandedPage.logo_url, alt: 'Juniper & Sons' }), name).toHaveLength(
        1,
      );
      expect(findTags(html, 'a', { href: 'mailto:help@example.com' }), name).toHaveLength(1);
      expect(findTags(html, 'a', { href: brandedPage.support_url }), name).toHaveLength(1);
      expect(findTags(html, 'link', { href: '/assets/theme.css?v=1' }), name).toHaveLength(1);
    }
  });

  it('shows the friendly name where there is no logo, and no theme where there are no colours', () => {
    for (const { name, render } of sampleScreens().filter(
      (screen) => !['home', 'try', 'api-reference', 'web-message'].includes(screen.name),
    )) {
      expect(readText(render()), name).toContain('Juniper & Sons');
      expect(findTags(render(), 'link', { href: '/assets/theme.css?v=1' }), name).toEqual([]);
    }
  });

  it('says so when its language runs from right to left', () => {
    for (const { render } of sampleScreens({ ...samplePage, lang: 'ar-EG' })) {
      expect(findTags(render(), 'html', { lang: 'ar-EG', dir: 'rtl' })).toHaveLength(1);
    }
  });
});

it('the icon of the tab is assets/favicon.svg', () => {
  const file = readFileSync(new URL('./assets/favicon.svg', import.meta.url), 'utf8').trim();
  const [icon] = findTags(screens[0]?.render() ?? '', 'link', { rel: 'icon' });
  expect(decodeURIComponent(icon?.attributes.href ?? '')).toBe(`data:image/svg+xml,${file}`);
});
