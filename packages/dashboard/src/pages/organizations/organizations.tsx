// Organizations: companies whose people use one's applications together.
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconBuilding, IconPlus } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useList } from '../../api/reading.ts';
import { path } from '../../api/request.ts';
import type { Organization } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { DialogButtons } from '../../parts/dialog-buttons.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Tile } from '../../parts/tile.tsx';
import { useCreateDialog, useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';

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

function CreateOrganization({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const { write, isWriting } = useWrite();
  const [display_name, setDisplayName] = useState('');
  const [typed, setTyped] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const name = typed ?? slugOf(display_name);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = { name, display_name: display_name.trim() || name };
    const answer = await write<Organization>(
      { method: 'POST', path: '/organizations', body },
      {
        stale: ['/organizations'],
        done: 'The organization is created',
        onInvalid: setProblem,
      },
    );
    if (answer === undefined) return;
    onClose();
    await navigate(path`/organizations/${answer.value.id}`);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Display name"
          description="As people see it"
          value={display_name}
          maxLength={255}
          required
          data-autofocus
          onChange={(event) => setDisplayName(event.currentTarget.value)}
        />
        <TextInput
          label="Name"
          description="In links and tokens: small letters, digits, - and _"
          value={name}
          required
          maxLength={50}
          classNames={{ input: 'mono' }}
          error={
            problem ??
            (name === '' || isName(name)
              ? undefined
              : 'Small letters, digits, - and _ only, a letter or digit first')
          }
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setProblem(undefined);
          }}
        />
        <DialogButtons onCancel={onClose} isSending={isWriting} disabled={!isName(name)}>
          Create
        </DialogButtons>
      </Stack>
    </form>
  );
}

function isName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,49}$/.test(name);
}

function slugOf(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50);
}
