// Logging in with a code that is sent: where to, and then the code.
import { Alert, Field, Form, type FormProps, Name } from './fields.tsx';
import { renderCard } from './layout.tsx';
import { linkUrl } from './links.ts';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';

export type CodeStrategy = 'email' | 'sms';

export interface PasswordlessStartProps extends FormProps {
  client_name: string;
  /** The name of the connection. */
  connection: string;
  strategy: CodeStrategy;
  /** What was typed before, or the `login_hint`. */
  identifier: string;
  error?: string | undefined;
  /** Given where a password would do as well. */
  login_url?: string | undefined;
  /** Where a code can be sent as well, by another connection. */
  others?: { strategy: CodeStrategy; url: string }[] | undefined;
}

const words = en.passwordless;

export function renderPasswordlessStart(props: PasswordlessStartProps): string {
  const { page, error, connection, strategy, identifier, others = [] } = props;
  return renderCard({
    page,
    title: error === undefined ? en.login.title : `${en.error.title}: ${en.login.title}`,
    heading: en.login.title,
    children: (
      <>
        <p class="lead">{fill(en.login.lead, { client_name: <Name>{props.client_name}</Name> })}</p>
        <Form {...props}>
          <input type="hidden" name="connection" value={connection} />
          <Field
            name="identifier"
            type={strategy === 'email' ? 'email' : 'tel'}
            label={words.identifier[strategy]}
            autocomplete={strategy === 'email' ? 'email' : 'tel'}
            value={identifier}
            autofocus={true}
            error={error}
          />
          <p class="hint">{words.hint[strategy]}</p>
          <button type="submit" name="action" value="send">
            {words.send}
          </button>
        </Form>
        {others.map((other) => (
          <Instead key={other.url} url={other.url} text={words.instead[other.strategy]} />
        ))}
        <Instead url={props.login_url} text={words.password} />
      </>
    ),
  });
}

function Instead({ url, text }: { url: string | undefined; text: string }) {
  const href = linkUrl(url);
  if (href === undefined) return null;
  return (
    <p class="switch">
      <a href={href}>{text}</a>
    </p>
  );
}

export interface PasswordlessCodeProps extends FormProps {
  connection: string;
  strategy: CodeStrategy;
  /** Where the code was sent. */
  identifier: string;
  error?: string | undefined;
  /** To say where else it can be sent. */
  start_url: string;
}

export function renderPasswordlessCode(props: PasswordlessCodeProps): string {
  const { page, error, connection, strategy, identifier } = props;
  const start = linkUrl(props.start_url);
  const claim = (
    <>
      <input type="hidden" name="connection" value={connection} />
      <input type="hidden" name="identifier" value={identifier} />
    </>
  );
  return renderCard({
    page,
    title: error === undefined ? words.title[strategy] : `${en.error.title}: ${words.title[strategy]}`,
    heading: words.title[strategy],
    children: (
      <>
        <p class="lead">{fill(words.sent, { identifier: <Name>{identifier}</Name> })}</p>
        {error !== undefined && <Alert id="error">{error}</Alert>}
        <Form {...props}>
          {claim}
          <Field
            name="code"
            type="digits"
            label={words.code}
            autocomplete="one-time-code"
            autofocus={true}
            invalid={error !== undefined}
            describedBy={error === undefined ? undefined : 'error'}
          />
          <button type="submit" name="action" value="code">
            {en.login.submit}
          </button>
        </Form>
        <Form {...props}>
          {claim}
          <button type="submit" class="secondary" name="action" value="send">
            {words.again}
          </button>
        </Form>
        {start !== undefined && (
          <p class="switch">
            <a href={start}>{words.elsewhere[strategy]}</a>
          </p>
        )}
      </>
    ),
  });
}
