import { Alert, Decision, Field, Form, type FormProps, Name } from './fields.tsx';
import { type PageContext, renderCard } from './layout.tsx';
import { linkUrl, ownAction } from './links.ts';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';

export interface UserCodeProps {
  page: PageContext;
  /** A path on this server, asked by GET. */
  action: string;
  charset: 'base20' | 'digits';
  /** What was typed before. */
  user_code: string;
  /** Why it was refused. */
  error?: string | undefined;
}

/** RFC 8628 §3.3: where the code that a device shows is typed. */
export function renderUserCode({ page, action, charset, user_code, error }: UserCodeProps): string {
  const { title, lead, label, submit } = en.user_code;
  return renderCard({
    page,
    title: error === undefined ? title : `${en.error.title}: ${title}`,
    heading: title,
    children: (
      <>
        <p class="lead">{lead}</p>
        {error !== undefined && <Alert id="error">{error}</Alert>}
        <form method="get" action={ownAction(action)}>
          <Field
            name="user_code"
            type={charset === 'digits' ? 'digits' : 'code'}
            label={label}
            autocomplete="off"
            value={user_code}
            autofocus={true}
            invalid={error !== undefined}
            describedBy={error === undefined ? undefined : 'error'}
          />
          <button type="submit">{submit}</button>
        </form>
      </>
    ),
  });
}

export interface DeviceConfirmationProps extends FormProps {
  client_name: string;
  user_code: string;
  /** Whoever is logged in, as they know themselves. */
  user?: string | undefined;
}

/** RFC 8628 §5.4: "display the user_code and ask the user to verify that it matches" against remote phishing. */
export function renderDeviceConfirmation(props: DeviceConfirmationProps): string {
  const texts = en.device_confirmation;
  return renderCard({
    page: props.page,
    title: texts.title,
    children: (
      <>
        <p class="lead">{fill(texts.lead, { client_name: <Name>{props.client_name}</Name> })}</p>
        <p class="user-code" dir="ltr">
          <span class="visually-hidden">{texts.code}: </span>
          {props.user_code}
        </p>
        <p class="note">{texts.warning}</p>
        {props.user !== undefined && (
          <p class="user">{fill(texts.user, { user: <Name>{props.user}</Name> })}</p>
        )}
        <Form {...props}>
          <Decision accept={texts.accept} deny={texts.deny} />
        </Form>
      </>
    ),
  });
}

export function renderActivated({ page }: { page: PageContext }): string {
  return renderEnd(page, en.activated);
}

export function renderActivationDenied({ page }: { page: PageContext }): string {
  return renderEnd(page, en.activation_denied);
}

function renderEnd(page: PageContext, { title, lead }: { title: string; lead: string }): string {
  return renderCard({ page, title, children: <p class="lead">{lead}</p> });
}

export interface UserCodeEndedProps {
  page: PageContext;
  /** Where another code can be entered. */
  retry_url?: string | undefined;
}

export function renderUserCodeEnded({ page, retry_url }: UserCodeEndedProps): string {
  const { title, lead, advice, retry } = en.user_code_ended;
  const href = linkUrl(retry_url);
  return renderCard({
    page,
    title,
    children: (
      <>
        <p class="lead">{lead}</p>
        <p class="note">{advice}</p>
        {href !== undefined && (
          <a class="button secondary" href={href}>
            {retry}
          </a>
        )}
      </>
    ),
  });
}
