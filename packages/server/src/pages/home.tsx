import { type PageContext, renderDocument } from './layout.tsx';
import { linkUrl } from './links.ts';
import { Mark } from './mark.tsx';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';

export interface HomeProps {
  page: PageContext;
  /** With its trailing slash. */
  issuer: string;
  /** Given only while /try is served. */
  try_url?: string | undefined;
  /** Given only where the dashboard was built. */
  dashboard_url?: string | undefined;
}

export function renderHome(props: HomeProps): string {
  return renderDocument(
    { page: props.page, title: en.home.title, owner: 'freehold' },
    <body class="wide-page home">
      <header class="top">
        <span class="brand">
          <Mark />
          <span>Freehold</span>
        </span>
      </header>
      <main>
        <Greeting {...props} />
        <Steps />
        <Endpoints issuer={props.issuer} />
      </main>
    </body>,
  );
}

const discovery = '/.well-known/openid-configuration';

function Greeting({ issuer, try_url, dashboard_url }: HomeProps) {
  const tryLink = linkUrl(try_url);
  const dashboard = linkUrl(dashboard_url);
  return (
    <section class="hero">
      <div>
        <h1>{en.home.headline}</h1>
        <p class="lead">{en.home.lead}</p>
        <p class="actions">
          {tryLink !== undefined && (
            <a class="button" href={tryLink}>
              {en.home.try}
            </a>
          )}
          {dashboard !== undefined && (
            <a class="button secondary" href={dashboard}>
              {en.home.dashboard}
            </a>
          )}
          <a class="button secondary" href={discovery}>
            {en.home.discovery}
          </a>
        </p>
        <p class="running">{fill(en.home.running, { issuer: <code dir="ltr">{issuer}</code> })}</p>
      </div>
      <div class="emblem">
        <Mark />
      </div>
    </section>
  );
}

function Steps() {
  return (
    <section>
      <h2>{en.home.start}</h2>
      <ol class="steps">
        {en.home.steps.map(({ title, text }) => (
          <li key={title}>
            <h3>{title}</h3>
            <p>{text}</p>
          </li>
        ))}
      </ol>
      <p class="note">{en.home.readme}</p>
    </section>
  );
}

function Endpoints({ issuer }: { issuer: string }) {
  const words = en.home.endpoint;
  const rows = [
    [words.discovery, '.well-known/openid-configuration'],
    [words.jwks, '.well-known/jwks.json'],
    [words.authorize, 'authorize'],
    [words.token, 'oauth/token'],
  ] as const;
  return (
    <section>
      <h2>{en.home.endpoints}</h2>
      <dl class="endpoints">
        {rows.map(([name, path]) => (
          <div key={path}>
            <dt>{name}</dt>
            <dd>
              <code dir="ltr">{`${issuer}${path}`}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
