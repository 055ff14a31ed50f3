import { type PageContext, renderDocument } from './layout.tsx';
import { Mark } from './mark.tsx';
import { en } from './texts/en.ts';

export interface TryProps {
  page: PageContext;
  issuer: string;
  client_id: string;
}

/** The shell of /try and of its callback: try.js fills `<main>`. */
export function renderTry({ page, issuer, client_id }: TryProps): string {
  return renderDocument(
    {
      page,
      title: en.try.title,
      owner: 'freehold',
      stylesheets: ['try.css'],
      scripts: [{ name: 'try.js', module: true }],
    },
    <body class="wide-page">
      <header class="top">
        <a class="brand" href="/">
          <Mark />
          <span>Freehold</span>
        </a>
      </header>
      <main id="try" data-issuer={issuer} data-client-id={client_id}>
        <h1>{en.try.title}</h1>
        <noscript>
          <p>{en.try.noscript}</p>
        </noscript>
      </main>
    </body>,
  );
}
