import { Decision, Form, type FormProps, Name } from './fields.tsx';
import { renderCard } from './layout.tsx';
import { imageUrl, linkUrl } from './links.ts';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';
import { permissionWords } from './texts/permissions.ts';

export interface ConsentProps extends FormProps {
  client_name: string;
  client_logo?: string | undefined;
  /** How the user knows themselves: name or e-mail address. */
  user: string;
  groups: ConsentGroup[];
  /** Of an application that registered itself: nobody but its address vouches for it. */
  registered?: RegisteredApplication | undefined;
}

export interface RegisteredApplication {
  /** Where the person will be sent: a host, or a scheme of the device's own. */
  destination: string;
  policy_url?: string | undefined;
  terms_url?: string | undefined;
}

/** The requested scopes of one API; the OpenID Connect scopes are the group without an API. */
export interface ConsentGroup {
  api_name?: string | undefined;
  permissions: Permission[];
}

export interface Permission {
  scope: string;
  /** Shown instead of the scope's name: the tenant's flag `use_scope_descriptions_for_consent`. */
  description?: string | undefined;
}

export function renderConsent(props: ConsentProps): string {
  const logo = imageUrl(props.client_logo);
  return renderCard({
    page: props.page,
    title: en.consent.title,
    children: (
      <>
        {logo !== undefined && <img class="client-logo" src={logo} alt="" />}
        <p class="lead">
          {fill(en.consent.lead, {
            client_name: <Name>{props.client_name}</Name>,
            friendly_name: <Name>{props.page.friendly_name}</Name>,
          })}
        </p>
        <div class="permissions">{props.groups.map(Group)}</div>
        {props.registered !== undefined && <Registered {...props.registered} />}
        <p class="user">{fill(en.consent.user, { user: <Name>{props.user}</Name> })}</p>
        <Form {...props}>
          <Decision accept={en.consent.accept} deny={en.consent.deny} />
        </Form>
      </>
    ),
  });
}

function Registered({ destination, policy_url, terms_url }: RegisteredApplication) {
  const links = [
    { url: linkUrl(policy_url), text: en.consent.policy },
    { url: linkUrl(terms_url), text: en.consent.terms },
  ].flatMap(({ url, text }) => (url === undefined ? [] : [{ url, text }]));
  return (
    <>
      <p class="note">{fill(en.consent.registered, { destination: <code dir="ltr">{destination}</code> })}</p>
      {links.length > 0 && (
        <p class="note links">
          {links.map(({ url, text }) => (
            <a key={text} href={url} target="_blank" rel="noopener noreferrer">
              {text}
            </a>
          ))}
        </p>
      )}
    </>
  );
}

function Group({ api_name, permissions }: ConsentGroup) {
  return (
    <section key={api_name}>
      <h2 dir="auto">{api_name ?? en.consent.profile}</h2>
      <ul>
        {permissionWords(permissions).map((words) => (
          <li key={words} dir="auto">
            {words}
          </li>
        ))}
      </ul>
    </section>
  );
}

export interface CallbackConfirmationProps extends FormProps {
  client_name: string;
  redirect_uri: string;
}

/** Asked before a callback that nobody can prove is theirs: a custom scheme or a loopback address (CB-13). */
export function renderCallbackConfirmation(props: CallbackConfirmationProps): string {
  return renderCard({
    page: props.page,
    title: en.callback_confirmation.title,
    children: (
      <>
        <p class="lead">
          {fill(en.callback_confirmation.lead, {
            client_name: <Name>{props.client_name}</Name>,
            redirect_uri: <code dir="ltr">{props.redirect_uri}</code>,
          })}
        </p>
        <p class="note">{en.callback_confirmation.warning}</p>
        <Form {...props}>
          <Decision accept={en.callback_confirmation.accept} deny={en.callback_confirmation.deny} />
        </Form>
      </>
    ),
  });
}
