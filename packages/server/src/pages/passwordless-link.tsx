import { Name } from './fields.tsx';
import { type PageContext, renderCard } from './layout.tsx';
import { ownAction } from './links.ts';
import { en } from './texts/en.ts';
import { fill } from './texts/fill.ts';

export interface PasswordlessLinkProps {
  page: PageContext;
  /** A path on this server. */
  action: string;
  csrf: string;
  link: string;
  client_name: string;
  email: string;
}

export function renderPasswordlessLink(props: PasswordlessLinkProps): string {
  const { page, action, csrf, link, client_name, email } = props;
  const { title, lead, submit } = en.passwordless_link;
  return renderCard({
    page,
    title,
    children: (
      <>
        <p class="lead">
          {fill(lead, { client_name: <Name>{client_name}</Name>, email: <Name>{email}</Name> })}
        </p>
        <form method="post" action={ownAction(action)}>
          <input type="hidden" name="link" value={link} />
          <input type="hidden" name="csrf" value={csrf} />
          <button type="submit" name="action" value="default">
            {submit}
          </button>
        </form>
      </>
    ),
  });
}
