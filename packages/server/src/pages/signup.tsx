import type { PasswordRequirements } from '../model/password-requirements.ts';
import { Alert, Field, Form, type FormProps, Name } from './fields.tsx';
import { renderCard } from './layout.tsx';
import { linkUrl } from './links.ts';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';
import { passwordDemands } from './texts/password-demands.ts';

export interface SignupProps extends FormProps {
  client_name: string;
  /** What was typed before, or the `login_hint`. */
  email: string;
  /** What is wrong: with one field, or with the whole. */
  errors?:
    | {
        email?: string | undefined;
        username?: string | undefined;
        password?: string | undefined;
        form?: string | undefined;
      }
    | undefined;
  login_url?: string | undefined;
  /** Of the connection that the person signs up to. */
  policy: PasswordRequirements;
  /** Whether a username is asked for too, and must be given. */
  username?: { typed: string; required: boolean } | undefined;
}

export function renderSignup(props: SignupProps): string {
  const { page, username, errors = {} } = props;
  const refused = Object.values(errors).some((error) => error !== undefined);
  const first = firstToMend(props);
  return renderCard({
    page,
    title: refused ? `${en.error.title}: ${en.signup.title}` : en.signup.title,
    heading: en.signup.title,
    scripts: [{ name: 'login.js' }],
    children: (
      <>
        <p class="lead">{fill(en.signup.lead, { client_name: <Name>{props.client_name}</Name> })}</p>
        {errors.form !== undefined && <Alert id="error">{errors.form}</Alert>}
        <Form {...props}>
          <Field
            name="email"
            type="email"
            label={en.signup.email}
            autocomplete="email"
            value={props.email}
            error={errors.email}
            autofocus={first === 'email'}
          />
          {username !== undefined && (
            <Field
              name="username"
              type="name"
              label={username.required ? en.signup.username : en.signup.username_optional}
              autocomplete="username"
              value={username.typed}
              error={errors.username}
              autofocus={first === 'username'}
              optional={!username.required}
            />
          )}
          <Field
            name="password"
            type="password"
            label={en.signup.password}
            autocomplete="new-password"
            error={errors.password}
            describedBy="password-policy"
            autofocus={first === 'password'}
          />
          <PolicyDemands policy={props.policy} />
          <button type="submit" name="action" value="default">
            {en.signup.submit}
          </button>
        </Form>
        <LoginLink url={props.login_url} />
      </>
    ),
  });
}

function firstToMend({ email, username, errors }: SignupProps): 'email' | 'username' | 'password' {
  if (email === '' || errors?.email !== undefined) return 'email';
  const lacksUsername = username?.required === true && username.typed === '';
  return lacksUsername || errors?.username !== undefined ? 'username' : 'password';
}

/** What a new password has to be, for whoever chooses one. */
export function PolicyDemands({ policy }: { policy: PasswordRequirements }) {
  const { length, types, others } = passwordDemands(policy);
  return (
    <div class="policy" id="password-policy">
      <p>{en.signup.policy.title}</p>
      <ul>
        <li>{length}</li>
        {types !== undefined && (
          <li>
            {types.title}
            <ul>
              {types.list.map((type) => (
                <li key={type}>{type}</li>
              ))}
            </ul>
          </li>
        )}
        {others.map((other) => (
          <li key={other}>{other}</li>
        ))}
      </ul>
    </div>
  );
}

function LoginLink({ url }: { url: string | undefined }) {
  const href = linkUrl(url);
  if (href === undefined) return null;
  return <p class="switch">{fill(en.signup.login, { link: <a href={href}>{en.signup.login_link}</a> })}</p>;
}
