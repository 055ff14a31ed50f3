// A tenant's colours as a stylesheet after freehold.css. They are stored by people, so they are parsed, never pasted.

/** The surfaces of freehold.css that links stand on. */
const surface = { light: '#ffffff', dark: '#181e1b' };

const whiteInk = '#ffffff';
const darkInk = '#14191a';
/** WCAG 2.2, 1.4.3: normal text. */
const readable = 4.5;

export interface Gradient {
  start: string;
  end: string;
  angle_deg: number;
}

export interface Theme {
  primary_color?: string | undefined;
  page_background?: string | Gradient | undefined;
  font_url?: string | undefined;
}

/** Custom properties for both colour schemes. What is no `#rgb` or `#rrggbb`, and no https font, is left out. */
export function themeStylesheet({ primary_color, page_background, font_url }: Theme): string {
  const primary = parseColor(primary_color);
  const background = parseBackground(page_background);
  const light = { ...primaryRules(primary, surface.light), ...backgroundRules(background) };
  // A bright page would glare around a dark card: it stays with the light scheme.
  const isDark = background?.colors.every((color) => inkOn(color) === whiteInk) ?? false;
  const dark = {
    ...primaryRules(primary, surface.dark),
    ...backgroundRules(isDark ? background : undefined),
  };
  const schemes = [rule('(prefers-color-scheme: light)', light), rule('(prefers-color-scheme: dark)', dark)];
  return [fontRule(font_url), ...schemes].join('');
}

interface Background {
  css: string;
  /** Everything between them is seen too. */
  colors: string[];
}

function parseBackground(background: Theme['page_background']): Background | undefined {
  if (typeof background !== 'object') {
    const color = parseColor(background);
    return color === undefined ? undefined : { css: color, colors: [color] };
  }
  const [start, end] = [parseColor(background.start), parseColor(background.end)];
  const { angle_deg } = background;
  if (start === undefined || end === undefined || !Number.isFinite(angle_deg)) return undefined;
  return { css: `linear-gradient(${angle_deg}deg,${start},${end})`, colors: [start, end] };
}

/** The font of the whole page, from where the browser fetches it: http/theme.ts lets that host in. */
function fontRule(font_url: string | undefined): string {
  const url = URL.parse(font_url ?? '');
  if (url?.protocol !== 'https:') return '';
  // A string in CSS ends at a quote or a line, and a backslash escapes.
  const address = url.href.replaceAll(/["\\\s<>]/g, (character) => encodeURIComponent(character));
  return (
    `@font-face{font-family:"tenant";font-display:swap;src:url("${address}")}\n` +
    ':root{--font:"tenant",var(--font-system)}\n'
  );
}

function primaryRules(primary: string | undefined, on: string): Record<string, string> {
  if (primary === undefined) return {};
  return {
    '--color-primary': primary,
    '--color-on-primary': inkOn(primary),
    '--color-link': readableOn(on, primary),
  };
}

function backgroundRules(background: Background | undefined): Record<string, string> {
  if (background === undefined) return {};
  const [color = whiteInk] = background.colors;
  const rules = { '--page-background': background.css, '--color-bg': color };
  const ink = [whiteInk, darkInk].find((candidate) =>
    background.colors.every((ground) => contrast(candidate, ground) >= readable),
  );
  if (background.colors.length === 1 || ink !== undefined)
    return { ...rules, '--color-on-bg': ink ?? inkOn(color) };
  // From one end of it to the other no ink can be read: what stands on it brings a ground of its own.
  return { ...rules, '--color-on-bg': 'var(--color-muted)', '--contact-background': 'var(--color-surface)' };
}

function rule(media: string, properties: Record<string, string>): string {
  const lines = Object.entries(properties).map(([name, value]) => `${name}:${value}`);
  return lines.length === 0 ? '' : `@media ${media}{:root{${lines.join(';')}}}\n`;
}

/** Six lower-case digits after the `#`. */
function parseColor(color: string | undefined): string | undefined {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(color ?? '')?.[1]?.toLowerCase();
  if (digits === undefined) return undefined;
  return `#${digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits}`;
}

function inkOn(color: string): string {
  return contrast(whiteInk, color) >= contrast(darkInk, color) ? whiteInk : darkInk;
}

/** The colour, moved towards black or white until it can be read on the background. */
function readableOn(background: string, color: string): string {
  const goal = inkOn(background) === whiteInk ? '#ffffff' : '#000000';
  for (let step = 0; step < 20; step += 1) {
    const candidate = mix(color, goal, step / 20);
    if (contrast(candidate, background) >= readable) return candidate;
  }
  return goal;
}

function mix(from: string, to: string, share: number): string {
  const target = channels(to);
  const mixed = channels(from).map((value, index) =>
    Math.round(value + ((target[index] ?? 0) - value) * share),
  );
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** From 1 to 21. WCAG 2.2, "contrast ratio". */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(color: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
}
