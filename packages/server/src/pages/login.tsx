import { Alert, Field, Form, type FormProps, Name } from './fields.tsx';
import { renderCard } from './layout.tsx';
import { linkUrl } from './links.ts';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';

/** What every page asks and says that somebody logs in on. */
export interface IdentifierProps extends FormProps {
  client_name: string;
  /** What was typed before, or the `login_hint`. */
  username: string;
  /** Whether people may have a username beside their address. */
  takes_usernames?: boolean;
  /** Why the last attempt was refused. */
  error?: string | undefined;
  signup_url?: string | undefined;
  /** Connections beside the one whose password is asked for here. */
  connections?: LoginConnection[] | undefined;
}

export interface LoginProps extends IdentifierProps {
  reset_url?: string | undefined;
}

export interface LoginConnection {
  name: string;
  display_name: string;
  strategy: string;
}

export function renderLogin(props: LoginProps): string {
  const { page, error } = props;
  const fields = { invalid: error !== undefined, describedBy: error === undefined ? undefined : 'error' };
  const hasUsername = props.username !== '';
  return renderCard({
    page,
    title: error === undefined ? en.login.title : `${en.error.title}: ${en.login.title}`,
    heading: en.login.title,
    scripts: [{ name: 'login.js' }],
    children: (
      <>
        <p class="lead">{fill(en.login.lead, { client_name: <Name>{props.client_name}</Name> })}</p>
        {error !== undefined && <Alert id="error">{error}</Alert>}
        <Form {...props}>
          <Field
            {...fields}
            name="username"
            type="email"
            label={identifierLabel(props)}
            autocomplete="username"
            value={props.username}
            autofocus={!hasUsername}
          />
          <Field
            {...fields}
            name="password"
            type="password"
            label={en.login.password}
            autocomplete="current-password"
            autofocus={hasUsername}
          />
          <ResetLink url={props.reset_url} />
          <button type="submit" name="action" value="default">
            {en.login.submit}
          </button>
        </Form>
        <SignupLink url={props.signup_url} />
        <Connections {...props} />
      </>
    ),
  });
}

/** Of the field that says who somebody is. */
export function identifierLabel({ takes_usernames }: Pick<LoginProps, 'takes_usernames'>): string {
  return takes_usernames ? en.login.username_or_email : en.login.username;
}

export function ResetLink({ url }: { url: string | undefined }) {
  const href = linkUrl(url);
  if (href === undefined) return null;
  return (
    <p class="forgot">
      <a href={href}>{en.login.forgot}</a>
    </p>
  );
}

export function SignupLink({ url }: { url: string | undefined }) {
  const href = linkUrl(url);
  if (href === undefined) return null;
  return <p class="switch">{fill(en.login.signup, { link: <a href={href}>{en.login.signup_link}</a> })}</p>;
}

export function Connections({ connections = [], ...form }: IdentifierProps) {
  if (connections.length === 0) return null;
  return (
    <div class="connections">
      <p class="or">{en.login.or}</p>
      <Form {...form}>
        {connections.map(({ name, display_name, strategy }) => (
          <button
            key={name}
            type="submit"
            class="secondary"
            name="connection"
            value={name}
            data-strategy={strategy}
          >
            {fill(en.login.connection, { display_name: <Name>{display_name}</Name> })}
          </button>
        ))}
      </Form>
    </div>
  );
}
