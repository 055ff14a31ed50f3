// Roles: permissions that are given together.
import { Badge, Button, Group, SegmentedControl } from '@mantine/core';
import { IconPlus, IconUserShield } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Role } from '../../api/types.ts';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { useCreateDialog, useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';
import { isAdministrators } from './administrators.ts';
import { CreateRole } from './create-role.tsx';

export function Roles() {
  const url = useUrlState();
  const may = useAccess();
  const creating = useCreateDialog(may('create:roles'));
  const name_filter = url.get('name');
  const type = url.get('type') || 'tenant';
  const query = useList<Role>({
    path: '/roles',
    name: 'roles',
    page: url.page,
    query: { name_filter, type },
  });
  const create = may('create:roles') && (
    <Button leftSection={<IconPlus size={16} />} onClick={creating.open}>
      Create a role
    </Button>
  );
  return (
    <>
      <PageHeader title="Roles" actions={create} />
      <Group mb="md">
        <SearchBox label="Search roles by name" value={name_filter} onSearch={(name) => url.set({ name })} />
        <SegmentedControl
          aria-label="Whose roles"
          value={type}
          onChange={(chosen) => url.set({ type: chosen === 'tenant' ? '' : chosen })}
          data={[
            { value: 'tenant', label: 'Yours' },
            { value: 'system', label: 'For administrators' },
          ]}
        />
      </Group>
      <List
        label="Roles"
        query={query}
        keyOf={({ id }) => id}
        paging={url}
        columns={[
          {
            title: 'Name',
            cell: (role) => (
              <Group gap="xs">
                <Link className="row-link" to={path`/roles/${role.id}`}>
                  <bdi>{role.name}</bdi>
                </Link>
                {isAdministrators(role) && (
                  <Badge variant="light" size="sm">
                    Administrators
                  </Badge>
                )}
              </Group>
            ),
          },
          { title: 'Description', cell: ({ description }) => <bdi>{description}</bdi> },
        ]}
        empty={
          name_filter === '' ? (
            <Empty
              icon={<IconUserShield />}
              title="No roles yet"
              text="A role gives its permissions to everybody who has it."
              action={create}
            />
          ) : (
            <Empty
              icon={<IconUserShield />}
              title="No role like this"
              text="Try fewer letters."
              action={
                <Button variant="default" onClick={() => url.set({ name: '' })}>
                  Show all
                </Button>
              }
            />
          )
        }
      />
      <CreateRole opened={creating.isOpen} onClose={creating.close} />
    </>
  );
}
