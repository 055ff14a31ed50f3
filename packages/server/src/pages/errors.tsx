import type { ComponentChildren } from 'preact';
import { type PageContext, renderCard } from './layout.tsx';
import { linkUrl } from './links.ts';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';

export interface ErrorPageProps {
  page: PageContext;
  /** Finds the entry of the log that says more. */
  tracking: string;
  /** Where the user can start again: the client's `initiate_login_uri`, for instance. */
  back_url?: string | undefined;
}

export interface ErrorProps extends ErrorPageProps {
  error: string;
  error_description?: string | undefined;
}

/** The error page of AZ-58, for errors that cannot go to the callback. */
export function renderError({ error, error_description, ...props }: ErrorProps): string {
  return renderErrorPage(
    props,
    en.error.heading,
    <p class="detail" dir="auto">
      {error_description === undefined ? error : `${error}: ${error_description}`}
    </p>,
  );
}

export interface CallbackMismatchProps extends ErrorPageProps {
  redirect_uri?: string | undefined;
}

/** AZ-55. */
export function renderCallbackMismatch({ redirect_uri, ...props }: CallbackMismatchProps): string {
  return renderErrorPage(
    props,
    en.callback_mismatch.heading,
    <>
      <p class="lead">{en.callback_mismatch.lead}</p>
      {redirect_uri !== undefined && (
        <p class="detail" dir="ltr">
          {redirect_uri}
        </p>
      )}
      <p class="note">{en.callback_mismatch.advice}</p>
    </>,
  );
}

/** AZ-66: the login transaction is lost, expired, or belongs to another browser. */
export function renderLostTransaction(props: ErrorPageProps): string {
  const { error, lead, reasons, advice } = en.lost_transaction;
  return renderErrorPage(
    props,
    en.error.heading,
    <>
      <div class="detail">
        <p>{`${error}: ${lead}`}</p>
        <ul>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </div>
      <p class="note">{advice}</p>
    </>,
  );
}

export interface TemporaryProps {
  page: PageContext;
  /** Where the same can be asked for again by GET. */
  retry_url?: string | undefined;
}

/** For a 503: the password queue is full, or the database is away. */
export function renderBusy(props: TemporaryProps): string {
  return renderTemporary(props, en.busy);
}

/** For a 429 (RL-1). */
export function renderTooManyRequests(props: TemporaryProps): string {
  return renderTemporary(props, en.too_many_requests);
}

function renderTemporary(
  { page, retry_url }: TemporaryProps,
  { heading, lead }: { heading: string; lead: string },
): string {
  return renderCard({
    page,
    title: heading,
    children: (
      <>
        <p class="lead">{lead}</p>
        <ButtonLink url={retry_url}>{en.error.retry}</ButtonLink>
      </>
    ),
  });
}

function renderErrorPage(props: ErrorPageProps, heading: string, children: ComponentChildren): string {
  return renderCard({
    page: props.page,
    title: en.error.title,
    heading,
    children: (
      <>
        {children}
        <ButtonLink url={props.back_url}>{en.error.back}</ButtonLink>
        <p class="tracking">{fill(en.error.tracking, { tracking: <code>{props.tracking}</code> })}</p>
      </>
    ),
  });
}

function ButtonLink({ url, children }: { url: string | undefined; children: string }) {
  const href = linkUrl(url);
  if (href === undefined) return null;
  return (
    <a class="button secondary" href={href}>
      {children}
    </a>
  );
}
