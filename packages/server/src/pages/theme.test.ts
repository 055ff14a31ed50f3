import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, themeStylesheet } from './theme.ts';

const stylesheet = readFileSync(new URL('./assets/freehold.css', import.meta.url), 'utf8');
const [light = {}, dark = {}] = [...stylesheet.matchAll(/:root \{([^}]*)\}/g)].map(([, body = '']) =>
  properties(body),
);

function properties(css: string): Record<string, string> {
  return Object.fromEntries(
    [...css.matchAll(/(--[\w-]+):\s*([^;}]+)/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function scheme(css: string, name: 'light' | 'dark'): Record<string, string> {
  return properties(new RegExp(`\\(prefers-color-scheme: ${name}\\)\\{([^@]*)`).exec(css)?.[1] ?? '');
}

const hex = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

it('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#ffffff', '#ffffff')).toBe(1);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

describe.each([
  ['light', light],
  ['dark', { ...light, ...dark }],
])('the %s scheme of freehold.css', (_name, tokens) => {
  const of = (one: string, other: string) =>
    contrast(tokens[`--color-${one}`] ?? '', tokens[`--color-${other}`] ?? '');

  it('WCAG 1.4.3: every text can be read', () => {
    for (const [ink, ground] of [
      ['text', 'bg'],
      ['text', 'surface'],
      ['muted', 'bg'],
      ['muted', 'surface'],
      ['on-bg', 'bg'],
      ['on-primary', 'primary'],
      ['link', 'bg'],
      ['link', 'surface'],
      ['danger', 'surface'],
      ['success', 'surface'],
    ] as const) {
      expect(of(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('WCAG 1.4.11: the edge of a field can be seen', () => {
    expect(of('field', 'surface')).toBeGreaterThanOrEqual(3);
  });

  it('has every property that other stylesheets use', () => {
    const names = ['bg', 'surface', 'text', 'muted', 'primary', 'on-primary', 'border', 'danger', 'success'];
    for (const name of names) expect(tokens[`--color-${name}`]).toMatch(/^#[0-9a-f]{6}$/);
    for (const name of ['--radius', '--font', '--font-mono']) expect(tokens).toHaveProperty(name);
  });
});

describe("a tenant's theme", () => {
  it('whatever the primary colour, buttons and links can be read in both schemes', () => {
    fc.assert(
      fc.property(hex, (primary_color) => {
        const css = themeStylesheet({ primary_color });
        for (const [name, tokens] of [
          ['light', light],
          ['dark', { ...light, ...dark }],
        ] as const) {
          const themed = { ...tokens, ...scheme(css, name) };
          expect(themed['--color-primary']).toBe(primary_color);
          expect(contrast(themed['--color-on-primary'] ?? '', primary_color)).toBeGreaterThanOrEqual(4);
          expect(
            contrast(themed['--color-link'] ?? '', themed['--color-surface'] ?? ''),
          ).toBeGreaterThanOrEqual(4.5);
        }
      }),
    );
  });

  it('whatever the background, what stands on it can be read', () => {
    fc.assert(
      fc.property(hex, (page_background) => {
        const themed = scheme(themeStylesheet({ page_background }), 'light');
        expect(themed['--color-bg']).toBe(page_background);
        expect(contrast(themed['--color-on-bg'] ?? '', page_background)).toBeGreaterThanOrEqual(4);
      }),
    );
  });

  it('a bright background stays out of the dark scheme, a dark one belongs to both', () => {
    expect(scheme(themeStylesheet({ page_background: '#fafafa' }), 'dark')).toEqual({});
    expect(scheme(themeStylesheet({ page_background: '#112233' }), 'dark')['--color-bg']).toBe('#112233');
  });

  it('whatever a gradient leads through, what stands on it can be read', () => {
    fc.assert(
      fc.property(hex, hex, fc.integer({ min: -360, max: 360 }), (start, end, angle_deg) => {
        const themed = scheme(themeStylesheet({ page_background: { start, end, angle_deg } }), 'light');
        expect(themed['--page-background']).toBe(`linear-gradient(${angle_deg}deg,${start},${end})`);
        const ink = themed['--color-on-bg'] ?? '';
        if (ink.startsWith('#')) {
          for (const ground of [start, end]) expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
        } else {
          expect(themed).toMatchObject({
            '--color-on-bg': 'var(--color-muted)',
            '--contact-background': 'var(--color-surface)',
          });
        }
      }),
    );
  });

  it('a gradient belongs to the dark scheme if it is dark from end to end', () => {
    const inDark = (start: string, end: string) =>
      scheme(themeStylesheet({ page_background: { start, end, angle_deg: 0 } }), 'dark');
    expect(inDark('#000000', '#222222')).toHaveProperty('--page-background');
    expect(inDark('#000000', '#ffffff')).toEqual({});
  });

  it('a font is fetched by https, whatever stands in its address', () => {
    const css = themeStylesheet({ font_url: 'https://acme.example/a")}body{x\\y?"#"\'<' });
    expect(css).toBe(
      '@font-face{font-family:"tenant";font-display:swap;' +
        'src:url("https://acme.example/a%22)%7Dbody%7Bx/y?%22#%22\'%3C")}\n' +
        ':root{--font:"tenant",var(--font-system)}\n',
    );
    for (const font_url of ['http://acme.example/a.woff2', 'javascript:x', 'acme', 'data:font/woff2,x'])
      expect(themeStylesheet({ font_url })).toBe('');
    fc.assert(
      fc.property(fc.string(), (any) => {
        const [rule = ''] = themeStylesheet({ font_url: `https://acme.example/${any}` }).split('\n');
        expect(rule).toMatch(
          /^@font-face\{font-family:"tenant";font-display:swap;src:url\("https:[^"\\\s<>]*"\)\}$/,
        );
      }),
    );
  });

  it('a readable colour is kept as it is', () => {
    expect(scheme(themeStylesheet({ primary_color: '#14543F' }), 'light')['--color-link']).toBe('#14543f');
  });

  it('three digits are six', () => {
    expect(scheme(themeStylesheet({ primary_color: '#0aF' }), 'light')['--color-primary']).toBe('#00aaff');
  });

  it('what is no colour leaves no trace', () => {
    for (const wrong of [
      'red',
      '#12345',
      '#12',
      '',
      '#fff;}body{display:none',
      'url(//x)',
      '#ggg',
      '#fff\n',
      '#aabbccdd',
    ]) {
      expect(themeStylesheet({ primary_color: wrong, page_background: wrong }), wrong).toBe('');
    }
    fc.assert(
      fc.property(
        fc.string(),
        (any) => themeStylesheet({ primary_color: any }) === '' || /^#[0-9a-f]+$/i.test(any),
      ),
    );
  });
});
