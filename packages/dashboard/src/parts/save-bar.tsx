// What has been changed and not saved: a bar that stays in sight, a guard at every way out, and the dialog for when
// somebody else was faster.
import { Button, Group, Modal, Popover, Text } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { curl } from '../api/request.ts';
import { CodeBlock } from './code-block.tsx';
import { differences, type Edit } from './use-edit.ts';

export function SaveBar<T extends object>({ edit }: { edit: Edit<T> }) {
  const { isDirty, isSaving, request } = edit;
  return (
    <>
      <Group
        component="section"
        aria-label="Unsaved changes"
        className="card save-bar"
        hidden={!isDirty}
        justify="space-between"
        p="sm"
        px="md"
        mt="lg"
        gap="sm"
      >
        <Text size="sm" fw={600} aria-live="polite">
          {isDirty ? 'Unsaved changes' : ''}
        </Text>
        <Group gap="xs">
          <Popover width={420} position="top-end" shadow="md" withinPortal>
            <Popover.Target>
              <Button
                size="sm"
                variant="subtle"
                color="gray"
                leftSection={<IconTerminal2 size={16} />}
                visibleFrom="sm"
              >
                As curl
              </Button>
            </Popover.Target>
            <Popover.Dropdown>
              <CodeBlock text={curl(request)} label="Copy the call" />
            </Popover.Dropdown>
          </Popover>
          <Button size="sm" variant="default" onClick={edit.reset} disabled={isSaving}>
            Discard
          </Button>
          <Button size="sm" type="submit" loading={isSaving}>
            Save
          </Button>
        </Group>
      </Group>
      <UnsavedGuard isDirty={isDirty} />
      <ConflictDialog edit={edit} />
    </>
  );
}

function UnsavedGuard({ isDirty }: { isDirty: boolean }) {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) => isDirty && currentLocation.pathname !== nextLocation.pathname,
  );
  useEffect(() => {
    if (!isDirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', hold);
    return () => removeEventListener('beforeunload', hold);
  }, [isDirty]);
  const isBlocked = blocker.state === 'blocked';
  return (
    <Modal opened={isBlocked} onClose={() => blocker.reset?.()} title="Leave without saving?">
      <Text size="sm">What you have changed here is not saved.</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" color="red" onClick={() => blocker.proceed?.()}>
          Leave
        </Button>
        <Button onClick={() => blocker.reset?.()} data-autofocus>
          Stay
        </Button>
      </Group>
    </Modal>
  );
}

function ConflictDialog<T extends object>({ edit }: { edit: Edit<T> }) {
  const { conflict, takeTheirs, saveOverTheirs, isSaving } = edit;
  const changed = conflict === undefined ? [] : differences(edit.value, conflict.value);
  const shown = changed.filter((name) => name !== 'updated_at');
  return (
    <Modal opened={conflict !== undefined} onClose={takeTheirs} title="Somebody else has changed this">
      <Text size="sm">
        It was saved by somebody else while you were editing.
        {shown.length > 0 && ` Theirs and yours differ in ${shown.join(', ')}.`}
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => void saveOverTheirs()} loading={isSaving}>
          Save mine over theirs
        </Button>
        <Button onClick={takeTheirs} data-autofocus>
          Show theirs
        </Button>
      </Group>
    </Modal>
  );
}
