import type { ComponentChildren } from 'preact';
import type { PasswordRequirements } from '../model/password-requirements.ts';
import { Alert, Field, Form, type FormProps, Name } from './fields.tsx';
import { type PageContext, renderCard } from './layout.tsx';
import { linkUrl, ownAction } from './links.ts';
import { PolicyDemands } from './signup.tsx';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';

export interface ResetRequestProps extends FormProps {
  /** What was typed before, or the `login_hint`. */
  email: string;
  errors?: { email?: string | undefined; form?: string | undefined } | undefined;
  login_url?: string | undefined;
}

export function renderResetRequest(props: ResetRequestProps): string {
  const { title, lead, email, submit, login } = en.reset_request;
  const { errors = {} } = props;
  const refused = errors.email !== undefined || errors.form !== undefined;
  const back = linkUrl(props.login_url);
  return renderCard({
    page: props.page,
    title: refused ? `${en.error.title}: ${title}` : title,
    heading: title,
    children: (
      <>
        <p class="lead">{lead}</p>
        {errors.form !== undefined && <Alert id="error">{errors.form}</Alert>}
        <Form {...props}>
          <Field
            name="email"
            type="email"
            label={email}
            autocomplete="email"
            value={props.email}
            error={errors.email}
            autofocus
          />
          <button type="submit" name="action" value="default">
            {submit}
          </button>
        </Form>
        {back !== undefined && (
          <p class="switch">
            <a href={back}>{login}</a>
          </p>
        )}
      </>
    ),
  });
}

export interface ResetSentProps {
  page: PageContext;
  email: string;
  login_url?: string | undefined;
}

/** The same for whoever has an account and whoever has none. */
export function renderResetSent({ page, email, login_url }: ResetSentProps): string {
  const { title, lead, advice } = en.reset_sent;
  return renderCard({
    page,
    title,
    children: (
      <>
        <p class="lead">{fill(lead, { email: <Name>{email}</Name> })}</p>
        <p class="note">{advice}</p>
        <Onward url={login_url} text={en.reset_request.login} />
      </>
    ),
  });
}

export interface TicketFormProps {
  page: PageContext;
  /** A path on this server. */
  action: string;
  csrf: string;
  ticket: string;
  email: string;
}

export interface ResetProps extends TicketFormProps {
  policy: PasswordRequirements;
  error?: string | undefined;
}

export function renderReset(props: ResetProps): string {
  const { title, lead, password, submit } = en.reset;
  const { page, email, error } = props;
  return renderCard({
    page,
    title: error === undefined ? title : `${en.error.title}: ${title}`,
    heading: title,
    scripts: [{ name: 'login.js' }],
    children: (
      <>
        <p class="lead">
          {fill(lead, { email: <Name>{email}</Name>, friendly_name: <Name>{page.friendly_name}</Name> })}
        </p>
        <TicketForm {...props}>
          <input type="hidden" name="username" value={email} autocomplete="username" />
          <Field
            name="password"
            type="password"
            label={password}
            autocomplete="new-password"
            error={error}
            describedBy="password-policy"
            autofocus
          />
          <PolicyDemands policy={props.policy} />
          <button type="submit" name="action" value="default">
            {submit}
          </button>
        </TicketForm>
      </>
    ),
  });
}

export function renderVerification(props: TicketFormProps): string {
  const { title, lead, submit } = en.verification;
  const { page, email } = props;
  return renderCard({
    page,
    title,
    children: (
      <>
        <p class="lead">
          {fill(lead, { email: <Name>{email}</Name>, friendly_name: <Name>{page.friendly_name}</Name> })}
        </p>
        <TicketForm {...props}>
          <button type="submit" name="action" value="default">
            {submit}
          </button>
        </TicketForm>
      </>
    ),
  });
}

export interface TicketUsedProps {
  page: PageContext;
  /** UL-6: the application, where it says where its login begins. */
  onward_url?: string | undefined;
}

export function renderResetDone({ page, onward_url }: TicketUsedProps): string {
  return renderEnd(page, en.reset_done, onward_url);
}

export function renderVerified({ page, onward_url }: TicketUsedProps): string {
  return renderEnd(page, en.verified, onward_url);
}

export function renderTicketEnded({ page }: Pick<TicketUsedProps, 'page'>): string {
  return renderEnd(page, en.ticket_ended, undefined);
}

function renderEnd(
  page: PageContext,
  { title, lead, advice }: { title: string; lead: string; advice?: string },
  onward_url: string | undefined,
): string {
  return renderCard({
    page,
    title,
    children: (
      <>
        <p class="lead">{lead}</p>
        {advice !== undefined && <p class="note">{advice}</p>}
        <Onward url={onward_url} text={en.error.back} />
      </>
    ),
  });
}

function TicketForm({ action, csrf, ticket, children }: TicketFormProps & { children: ComponentChildren }) {
  return (
    <form method="post" action={ownAction(action)}>
      <input type="hidden" name="ticket" value={ticket} />
      <input type="hidden" name="csrf" value={csrf} />
      {children}
    </form>
  );
}

function Onward({ url, text }: { url: string | undefined; text: string }) {
  const href = linkUrl(url);
  if (href === undefined) return null;
  return (
    <a class="button secondary" href={href}>
      {text}
    </a>
  );
}
