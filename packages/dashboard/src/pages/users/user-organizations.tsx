import { IconBuilding } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Organization, User } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { useUrlState } from '../../parts/url-state.ts';

export function UserOrganizations({ user: { user_id } }: { user: User }) {
  const url = useUrlState();
  const query = useList<Organization>({
    path: path`/users/${user_id}/organizations`,
    name: 'organizations',
    page: url.page,
  });
  return (
    <List
      label="Organizations of this user"
      query={query}
      keyOf={({ id }) => id}
      paging={url}
      columns={[
        {
          title: 'Organization',
          cell: ({ id, name, display_name }) => (
            <Link className="row-link" to={path`/organizations/${id}`}>
              <bdi>{display_name ?? name}</bdi>
            </Link>
          ),
        },
        { title: 'Name', kind: 'desktop', cell: ({ name }) => <span className="mono">{name}</span> },
      ]}
      empty={
        <Empty
          icon={<IconBuilding />}
          title="In no organization"
          text="Add them as a member, or invite them, on an organization's page."
        />
      }
    />
  );
}
