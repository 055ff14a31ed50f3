import type { ComponentChildren } from 'preact';
import type { PageContext } from './layout.tsx';
import { ownAction } from './links.ts';
import { en } from './texts/en.ts';

/** What every screen with a form of ours is given. */
export interface FormProps {
  page: PageContext;
  /** A path on this server. */
  action: string;
  csrf: string;
  /** The handle of the login transaction. */
  state: string;
}

export function Form({
  action,
  csrf,
  state,
  children,
}: Omit<FormProps, 'page'> & { children: ComponentChildren }) {
  return (
    <form method="post" action={ownAction(action)}>
      <input type="hidden" name="state" value={state} />
      <input type="hidden" name="csrf" value={csrf} />
      {children}
    </form>
  );
}

export interface FieldProps {
  /** The id and the name of the input. */
  name: string;
  label: string;
  /**
   * `email` is checked by the server alone: browsers differ on which addresses are well formed. `code` is read off
   * another screen, `digits` is a code without letters.
   */
  type: 'email' | 'name' | 'password' | 'code' | 'digits' | 'tel';
  optional?: boolean;
  autocomplete: string;
  value?: string;
  autofocus?: boolean;
  /** What is wrong with this field, in words. */
  error?: string | undefined;
  /** Ids of further texts about this field, such as an error shown above the form. */
  describedBy?: string | undefined;
  invalid?: boolean;
}

const inputOf = {
  email: { inputmode: 'email' },
  name: {},
  code: { class: 'code', autocapitalize: 'characters' },
  digits: { class: 'code', inputmode: 'numeric' },
  tel: { inputmode: 'tel' },
} as const;

export function Field(props: FieldProps) {
  const { name, error } = props;
  const errorId = error === undefined ? undefined : `${name}-error`;
  const describedBy = [errorId, props.describedBy].filter((id) => id !== undefined).join(' ');
  const attributes = {
    id: name,
    name,
    value: props.value,
    autocomplete: props.autocomplete,
    autocapitalize: 'none',
    spellcheck: false,
    dir: 'ltr',
    required: props.optional !== true,
    autofocus: props.autofocus,
    'aria-invalid': props.invalid === true || error !== undefined ? 'true' : undefined,
    'aria-describedby': describedBy === '' ? undefined : describedBy,
  } as const;
  return (
    <div class="field">
      <label for={name}>{props.label}</label>
      {props.type === 'password' ? (
        <div class="control">
          <input {...attributes} type="password" />
          <PasswordToggle input={name} />
        </div>
      ) : (
        <input {...attributes} {...inputOf[props.type]} type="text" />
      )}
      {error !== undefined && (
        <p class="field-error" id={errorId}>
          {error}
        </p>
      )}
    </div>
  );
}

// Hidden until login.js shows it: without script it would do nothing.
function PasswordToggle({ input }: { input: string }) {
  const { show, hide } = en.password_toggle;
  return (
    <button
      type="button"
      class="toggle"
      hidden
      data-toggles={input}
      data-show={show}
      data-hide={hide}
      aria-label={show}
    >
      <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z" />
        <circle cx="12" cy="12" r="3" />
        <path class="slash" d="m4 4 16 16" />
      </svg>
    </button>
  );
}

export function Alert({ id, children }: { id: string; children: ComponentChildren }) {
  return (
    <div class="alert" role="alert">
      <svg viewBox="0 0 20 24" aria-hidden="true" focusable="false">
        <circle cx="10" cy="12" r="8" />
        <path d="M10 8v4.5m0 3v.01" />
      </svg>
      <p id={id}>{children}</p>
    </div>
  );
}

/** The two answers to a question: the one that goes on first, since Enter presses the first. */
export function Decision({ accept, deny }: { accept: string; deny: string }) {
  return (
    <div class="decision">
      <button type="submit" name="action" value="accept">
        {accept}
      </button>
      <button type="submit" name="action" value="deny" class="secondary">
        {deny}
      </button>
    </div>
  );
}

/** A name that somebody else chose, set apart from our own words, whatever its direction. */
export function Name({ children }: { children: string }) {
  return <bdi class="name">{children}</bdi>;
}
