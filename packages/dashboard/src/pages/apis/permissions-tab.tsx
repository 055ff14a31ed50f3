import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconKey, IconPlus, IconTrash } from '@tabler/icons-react';
import { type SubmitEvent, useState } from 'react';
import { type ApiAnswer, path } from '../../api/request.ts';
import type { ResourceServer, Scope } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Empty } from '../../parts/empty.tsx';
import { List } from '../../parts/list.tsx';
import { SearchBox } from '../../parts/search-box.tsx';
import { Section } from '../../parts/section.tsx';
import { useUrlState } from '../../parts/url-state.ts';
import { useAccess } from '../../session/access.tsx';

const perPage = 50;

/** All of them are one member of the API, so that each change sends the whole list, if nobody else has changed it. */
export function ApiPermissions({ stored }: { stored: ApiAnswer<ResourceServer> }) {
  const { id, scopes = [], is_system = false } = stored.value;
  const may = useAccess();
  const url = useUrlState();
  const { write, isWriting } = useWrite();
  const [leaving, setLeaving] = useState<Scope>();
  const mayChange = !is_system && may('update:resource_servers');

  async function put(next: readonly Scope[], done: string): Promise<boolean> {
    const request = {
      method: 'PATCH',
      path: path`/resource-servers/${id}`,
      body: { scopes: next },
      ifMatch: stored.etag,
    } as const;
    return (await write(request, { stale: ['/resource-servers'], done })) !== undefined;
  }
  const found = scopes.filter(({ value }) => value.includes(url.get('q')));
  const items = found.slice(url.page * perPage, (url.page + 1) * perPage);
  return (
    <>
      {mayChange && (
        <AddPermission
          isWriting={isWriting}
          taken={scopes}
          add={(scope) => put([...scopes, scope], `${scope.value} is a permission now`)}
        />
      )}
      <Stack mt="md" gap="md">
        {scopes.length > 10 && (
          <SearchBox label="Find a permission" value={url.get('q')} onSearch={(q) => url.set({ q })} />
        )}
        <List
          label="Permissions"
          query={{
            data: { items, total: found.length },
            error: null,
            isPending: false,
            isPlaceholderData: false,
          }}
          paging={{ ...url, per_page: perPage }}
          keyOf={({ value }) => value}
          columns={[
            {
              title: 'Permission',
              cell: ({ value }) => <span className="mono">{value}</span>,
            },
            {
              title: 'Description',
              cell: ({ description }) => (
                <Text size="sm" c="dimmed" span>
                  {description}
                </Text>
              ),
            },
            {
              title: 'Remove',
              kind: 'end',
              cell: (scope) =>
                mayChange && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove ${scope.value}`}
                    onClick={() => setLeaving(scope)}
                  >
                    <IconTrash size={16} />
                  </ActionIcon>
                ),
            },
          ]}
          empty={
            <Empty
              icon={<IconKey />}
              title="No permissions"
              text="Name what may be done with this API, such as read:orders; roles and applications are given them."
            />
          }
        />
      </Stack>
      <Confirm
        opened={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title="Remove the permission"
        text={`Roles, people and applications lose ${leaving?.value}.`}
        action="Remove"
        onConfirm={() =>
          put(
            scopes.filter(({ value }) => value !== leaving?.value),
            `${leaving?.value} is removed`,
          )
        }
      />
    </>
  );
}

interface AddPermissionProps {
  taken: readonly Scope[];
  isWriting: boolean;
  add: (scope: Scope) => Promise<boolean>;
}

function AddPermission({ taken, isWriting, add }: AddPermissionProps) {
  const [value, setValue] = useState('');
  const [description, setDescription] = useState('');
  const isTaken = taken.some((scope) => scope.value === value.trim());
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!(await add({ value: value.trim(), description: description.trim() }))) return;
    // What was typed meanwhile belongs to the next permission.
    setValue((now) => (now === value ? '' : now));
    setDescription((now) => (now === description ? '' : now));
  };
  return (
    <Section title="Add a permission">
      <form onSubmit={submit}>
        <Group align="flex-start" gap="sm">
          <TextInput
            label="Permission"
            placeholder="read:orders"
            flex="1 1 12rem"
            required
            maxLength={280}
            value={value}
            error={isTaken && 'There is one of this name'}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <TextInput
            label="Description"
            placeholder="See your orders"
            flex="2 1 16rem"
            maxLength={500}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Button
            type="submit"
            mt={{ base: 0, sm: 24 }}
            leftSection={<IconPlus size={16} />}
            loading={isWriting}
            disabled={value.trim() === '' || isTaken}
          >
            Add
          </Button>
        </Group>
      </form>
    </Section>
  );
}
