// Pages that carry an authorization response to the client: form_post and web_message.

import { type PageContext, renderCard, renderDocument } from './layout.tsx';
import { callbackAction } from './links.ts';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';

export interface FormPostProps {
  page: PageContext;
  redirect_uri: string;
  parameters: (readonly [name: string, value: string])[];
}

// "the Authorization Response parameters are encoded as HTML form values that are auto-submitted in the User Agent"
// OAuth 2.0 Form Post Response Mode §2. The card shows itself only if form-post.js has not left by then.
export function renderFormPost({ page, redirect_uri, parameters }: FormPostProps): string {
  return renderCard({
    page,
    title: en.form_post.title,
    scripts: [{ name: 'form-post.js' }],
    children: (
      <>
        <p class="lead">{fill(en.form_post.lead, { origin: <bdi>{whereTo(redirect_uri)}</bdi> })}</p>
        <form method="post" action={callbackAction(redirect_uri)} id="form-post">
          {parameters.map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <button type="submit">{en.form_post.submit}</button>
        </form>
      </>
    ),
  });
}

function whereTo(redirectUri: string): string {
  const url = URL.parse(redirectUri);
  return url === null || url.host === '' ? redirectUri : `${url.protocol}//${url.host}`;
}

export interface WebMessageProps {
  page: PageContext;
  /** The one registered origin that may read the response, never `*` (RM-7, LT-5). */
  target_origin: string;
  response: Record<string, string>;
}

/** Nothing to see: web-message.js reads the two attributes and posts them to the opener or the parent. */
export function renderWebMessage({ page, target_origin, response }: WebMessageProps): string {
  if (URL.parse(target_origin)?.origin !== target_origin) throw new TypeError('target_origin is no origin');
  return renderDocument(
    { page, title: en.web_message.title, scripts: [{ name: 'web-message.js' }] },
    <body data-target-origin={target_origin} data-response={JSON.stringify(response)}>
      <main>
        <h1 class="visually-hidden">{en.web_message.title}</h1>
      </main>
    </body>,
  );
}
