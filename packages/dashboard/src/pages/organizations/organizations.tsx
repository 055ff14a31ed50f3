// Organizations: companies whose people use one's applications together.
import { Button, Group, Modal } from '@mantine/core';
import { IconBuilding, IconPlus } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Organization } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Tile } from '../../parts/tile.tsx';
import { useCreateDialog, useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { CreateOrganization } from './create-organization.tsx';

export function Organizations() {
  const url = useUrlState();
  const may = useAccess();
  const creating = useCreateDialog(may('create:organizations'));
  const query = useList<Organization>({ path: '/organizations', name: 'organizations', page: url.page });
  const create = may('create:organizations') && (
    <Button leftSection={<IconPlus size={16} />} onClick={creating.open}>
      Create an organization
    </Button>
  );
  return (
    <>
      <PageHeader title="Organizations" actions={create} />
      <List
        label="Organizations"
        query={query}
        keyOf={({ id }) => id}
        paging={url}
        columns={[
          {
            title: 'Name',
            cell: ({ id, name, display_name, branding }) => (
              <Group gap="sm" wrap="nowrap">
                <Tile icon={<IconBuilding size={18} />} picture={branding?.logo_url} />
                <div className="page-title">
                  <Link className="row-link" to={path`/organizations/${id}`}>
                    <bdi>{display_name ?? name}</bdi>
                  </Link>
                  <div className="second-line mono">{name}</div>
                </div>
              </Group>
            ),
          },
          { title: 'ID', kind: 'desktop', cell: ({ id }) => <span className="mono">{id}</span> },
        ]}
        empty={
          <Empty
            icon={<IconBuilding />}
            title="No organizations yet"
            text="Make one for each company whose people log in together, and invite them."
            action={create}
          />
        }
      />
      <Modal opened={creating.isOpen} onClose={creating.close} title="Create an organization">
        <CreateOrganization onClose={creating.close} />
      </Modal>
    </>
  );
}
