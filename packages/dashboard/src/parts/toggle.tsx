// A switch that takes effect at once: it moves before the server has answered, moves back if that refuses, and can be
// undone for a while.
import { Button, Group, Switch, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState } from 'react';

interface ToggleProps {
  label: string;
  description?: string;
  /** Whether the label is for screen readers alone. */
  hideLabel?: boolean;
  checked: boolean;
  disabled?: boolean;
  /** Resolves to whether it was taken. */
  change: (checked: boolean) => Promise<boolean>;
  /** What a toast says, with a button that undoes it. */
  done: (checked: boolean) => string;
}

export function Toggle({
  label,
  description,
  hideLabel = false,
  checked,
  disabled = false,
  change,
  done,
}: ToggleProps) {
  const [wanted, setWanted] = useState<boolean>();
  // Undoing comes later, when what it changes is another than now.
  const latest = useRef(change);
  useEffect(() => {
    latest.current = change;
  }, [change]);
  const turn = async (next: boolean, isUndoing: boolean) => {
    setWanted(next);
    const isTaken = await latest.current(next);
    setWanted(undefined);
    if (isTaken && !isUndoing) offerUndo(done(next), () => void turn(!next, true));
  };
  return (
    <Switch
      {...(hideLabel ? { 'aria-label': label } : { label })}
      {...(description === undefined ? {} : { description })}
      checked={wanted ?? checked}
      disabled={disabled}
      onChange={(event) => void turn(event.currentTarget.checked, false)}
    />
  );
}

export function offerUndo(message: string, undo: () => void): void {
  const id = notifications.show({
    autoClose: 8000,
    color: 'green',
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            notifications.hide(id);
            undo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
