// The Management API to look through: every operation with what it takes and which scope opens it.
import { type PageContext, renderDocument } from './layout.tsx';
import { Mark } from './mark.tsx';
import { apiReferenceTexts as words } from './texts/api-reference.ts';

/** One operation, as its OpenAPI description has it. */
export interface ReferenceOperation {
  method: string;
  path: string;
  summary: string;
  /** Any of them opens it. */
  scopes: string[];
  parameters: ReferenceField[];
  body: ReferenceField[];
  status: string;
}

export interface ReferenceField {
  name: string;
  /** In words: `string`, `list of string`. */
  type: string;
  required: boolean;
  description?: string | undefined;
}

export interface ApiReferenceProps {
  page: PageContext;
  /** Where the API answers, without trailing slash. */
  url: string;
  /** By subject, in order. */
  subjects: { name: string; operations: ReferenceOperation[] }[];
}

export function renderApiReference({ page, url, subjects }: ApiReferenceProps): string {
  return renderDocument(
    { page, title: words.title, owner: 'freehold', stylesheets: ['api-reference.css'] },
    <body class="wide-page api-reference">
      <header class="top">
        <a class="brand" href="/">
          <Mark />
          <span>Freehold</span>
        </a>
      </header>
      <main>
        <h1>{words.title}</h1>
        <p class="lead">{words.lead}</p>
        <p class="where">
          <code dir="ltr">{url}</code>
          <a href="/api/v2/openapi.json">{words.openapi}</a>
        </p>
        <nav aria-label={words.subjects}>
          <ul class="subjects">
            {subjects.map(({ name, operations }) => (
              <li key={name}>
                <a href={`#${name}`}>
                  {name} <span class="count">{operations.length}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {subjects.map((subject) => (
          <section key={subject.name} id={subject.name}>
            <h2>{subject.name}</h2>
            {subject.operations.map((operation) => (
              <Operation key={`${operation.method} ${operation.path}`} {...operation} />
            ))}
          </section>
        ))}
      </main>
    </body>,
  );
}

function Operation({ method, path, summary, scopes, parameters, body, status }: ReferenceOperation) {
  return (
    <details>
      <summary>
        <span class={`method ${method.toLowerCase()}`}>{method}</span>
        <code dir="ltr">{path}</code>
        <span class="about">{summary}</span>
      </summary>
      <div class="terms">
        <p>
          {words.scopes}{' '}
          {scopes.map((scope) => (
            <code key={scope} dir="ltr">
              {scope}
            </code>
          ))}
        </p>
        <Fields title={words.parameters} fields={parameters} />
        <Fields title={words.body} fields={body} />
        <p>
          {words.answers} <code>{status}</code>
        </p>
      </div>
    </details>
  );
}

function Fields({ title, fields }: { title: string; fields: ReferenceField[] }) {
  if (fields.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <dl class="fields">
        {fields.map(({ name, type, required, description }) => (
          <div key={name}>
            <dt>
              <code dir="ltr">{name}</code>
            </dt>
            <dd>
              <span class="type">{required ? `${type}, ${words.required}` : type}</span>
              {description !== undefined && <span> {description}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
