import { Form, type FormProps, Name } from './fields.tsx';
import { type PageContext, renderCard } from './layout.tsx';
import { linkUrl } from './links.ts';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';

/** Asked when nothing proves that the user wants to log out (LO-11). */
export function renderLogoutConfirmation(props: FormProps): string {
  const { page } = props;
  return renderCard({
    page,
    title: en.logout.title,
    children: (
      <>
        <p class="lead">{fill(en.logout.lead, { friendly_name: <Name>{page.friendly_name}</Name> })}</p>
        <Form {...props}>
          <button type="submit" name="action" value="accept">
            {en.logout.submit}
          </button>
        </Form>
      </>
    ),
  });
}

export interface SignedOutProps {
  page: PageContext;
  back_url?: string | undefined;
}

export function renderSignedOut({ page, back_url }: SignedOutProps): string {
  const back = linkUrl(back_url);
  return renderCard({
    page,
    title: en.signed_out.title,
    children: (
      <>
        <p class="lead">{en.signed_out.lead}</p>
        {back !== undefined && (
          <a class="button secondary" href={back}>
            {en.error.back}
          </a>
        )}
      </>
    ),
  });
}
