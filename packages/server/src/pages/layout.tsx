// pages: what people see. Every screen is a pure function from its props to a whole HTML document, plain forms that
// work without JavaScript. The folder owns markup, words and looks; it must not know requests, storage, sessions or
// why a screen is shown. No inline style or script: the Content-Security-Policy refuses both.

import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { imageUrl, linkUrl, ownPath } from './links.ts';
import { Mark, markDataUrl } from './mark.tsx';
import { en } from './texts/en.ts';

/** What every page shows of the tenant: its names as in Auth0's tenant and branding settings. */
export interface PageContext {
  friendly_name: string;
  logo_url?: string | undefined;
  favicon_url?: string | undefined;
  /** The stylesheet with the tenant's own colours and font (theme.ts), if it has any. */
  theme_url?: string | undefined;
  support_email?: string | undefined;
  support_url?: string | undefined;
  /** The language of the texts, a BCP 47 tag. */
  lang: string;
  /** The URL of an asset: `freehold.css` → `/assets/freehold.css?v=…`. */
  asset(name: string): string;
}

export interface DocumentProps {
  page: PageContext;
  /** What the tab says, before the name of whose page it is. */
  title: string;
  /** Names of assets: stylesheets after freehold.css, and scripts. */
  stylesheets?: string[];
  scripts?: { name: string; module?: boolean }[];
  /** A tenant's pages wear its name and colours and stay out of search engines. */
  owner?: 'tenant' | 'freehold';
}

const rightToLeft = new Set(['ar', 'dv', 'fa', 'he', 'ks', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi']);

function directionOf(lang: string): 'rtl' | 'ltr' {
  return rightToLeft.has(lang.split('-')[0]?.toLowerCase() ?? '') ? 'rtl' : 'ltr';
}

export function renderDocument(props: DocumentProps, body: VNode): string {
  const { page, title, stylesheets = [], scripts = [] } = props;
  const isTenants = props.owner !== 'freehold';
  const theme = isTenants ? ownPath(page.theme_url) : undefined;
  const own = ['freehold.css', ...stylesheets].map(page.asset);
  const styles = theme === undefined ? own : [...own, theme];
  const html = (
    <html lang={page.lang} dir={directionOf(page.lang)}>
      <head>
        <meta charset="utf-8" />
        <title>{`${title} · ${isTenants ? page.friendly_name : 'Freehold'}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        {isTenants && <meta name="robots" content="noindex" />}
        <Icon url={isTenants ? imageUrl(page.favicon_url) : undefined} />
        {styles.map((url) => (
          <link key={url} rel="stylesheet" href={url} />
        ))}
        {scripts.map(({ name, module }) =>
          module === true ? (
            <script key={name} type="module" src={page.asset(name)} />
          ) : (
            <script key={name} defer src={page.asset(name)} />
          ),
        )}
      </head>
      {body}
    </html>
  );
  return `<!doctype html>${renderToString(html)}`;
}

function Icon({ url }: { url: string | undefined }) {
  return url === undefined ? (
    <link rel="icon" type="image/svg+xml" href={markDataUrl} />
  ) : (
    <link rel="icon" href={url} />
  );
}

export interface CardProps extends DocumentProps {
  /** The heading, where it differs from the title. */
  heading?: string;
  children: ComponentChildren;
}

/** A screen of one card in the middle of the page: the tenant's logo, a heading, and what the screen is about. */
export function renderCard({ children, heading, ...props }: CardProps): string {
  const { page } = props;
  return renderDocument(
    props,
    <body class="card-page">
      <main class="card">
        <Brand page={page} />
        <h1>{heading ?? props.title}</h1>
        {children}
      </main>
      <Contact page={page} />
    </body>,
  );
}

function Brand({ page }: { page: PageContext }) {
  const logo = imageUrl(page.logo_url);
  return (
    <div class="brand">
      {logo === undefined ? (
        <>
          <Mark />
          <span dir="auto">{page.friendly_name}</span>
        </>
      ) : (
        <img src={logo} alt={page.friendly_name} />
      )}
    </div>
  );
}

function Contact({ page }: { page: PageContext }) {
  const url = linkUrl(page.support_url);
  if (page.support_email === undefined && url === undefined) return null;
  return (
    <footer class="contact">
      {page.support_email !== undefined && (
        <a href={`mailto:${encodeURI(page.support_email)}`}>{page.support_email}</a>
      )}
      {url !== undefined && <a href={url}>{en.contact.url}</a>}
    </footer>
  );
}
