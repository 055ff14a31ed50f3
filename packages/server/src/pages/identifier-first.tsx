// Logging in on two pages (UL-3): who somebody is, then the password.
import { Alert, Field, Form, Name } from './fields.tsx';
import { renderCard } from './layout.tsx';
import { linkUrl } from './links.ts';
import {
  Connections,
  type IdentifierProps,
  identifierLabel,
  type LoginProps,
  ResetLink,
  SignupLink,
} from './login.tsx';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';

export function renderLoginId(props: IdentifierProps): string {
  const { page, error } = props;
  return renderCard({
    page,
    title: error === undefined ? en.login.title : `${en.error.title}: ${en.login.title}`,
    heading: en.login.title,
    children: (
      <>
        <p class="lead">{fill(en.login.lead, { client_name: <Name>{props.client_name}</Name> })}</p>
        <Form {...props}>
          <Field
            name="username"
            type="email"
            label={identifierLabel(props)}
            autocomplete="username"
            value={props.username}
            error={error}
            autofocus
          />
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

export interface LoginPasswordProps extends Omit<LoginProps, 'connections'> {
  /** Where people say that they are somebody else. */
  edit_url: string;
}

export function renderLoginPassword(props: LoginPasswordProps): string {
  const { page, error } = props;
  const { title } = en.login_password;
  return renderCard({
    page,
    title: error === undefined ? title : `${en.error.title}: ${title}`,
    heading: title,
    scripts: [{ name: 'login.js' }],
    children: (
      <>
        <p class="lead">{fill(en.login.lead, { client_name: <Name>{props.client_name}</Name> })}</p>
        {error !== undefined && <Alert id="error">{error}</Alert>}
        <Form {...props}>
          <Stated {...props} />
          <Field
            name="password"
            type="password"
            label={en.login.password}
            autocomplete="current-password"
            autofocus
            invalid={error !== undefined}
            describedBy={error === undefined ? undefined : 'error'}
          />
          <ResetLink url={props.reset_url} />
          <button type="submit" name="action" value="default">
            {en.login.submit}
          </button>
        </Form>
        <SignupLink url={props.signup_url} />
      </>
    ),
  });
}

/** A field, so that password managers know whose password it is. */
function Stated({ username, edit_url, ...props }: LoginPasswordProps) {
  const label = identifierLabel(props);
  const href = linkUrl(edit_url);
  return (
    <div class="field">
      <label for="username">{label}</label>
      <div class="control stated">
        <input
          id="username"
          name="username"
          value={username}
          autocomplete="username"
          dir="ltr"
          readOnly
          type="text"
        />
        {href !== undefined && (
          <a href={href}>
            {en.login_password.edit}
            <span class="visually-hidden"> {label}</span>
          </a>
        )}
      </div>
    </div>
  );
}
