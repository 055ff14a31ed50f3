import { Button, Group } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface DialogButtonsProps {
  onCancel: () => void;
  /** Without it the button sends the form that it stands in. */
  onAct?: () => unknown;
  /** Whether that is on its way; `onAct` is while its promise is. */
  isSending?: boolean;
  disabled?: boolean;
  /** Whether what it does takes something away. */
  danger?: boolean;
  mt?: 'lg';
  /** What it is called. */
  children: ReactNode;
}

/** The end of a dialog. */
export function DialogButtons(props: DialogButtonsProps) {
  const { onCancel, onAct, isSending = false, disabled = false, danger = false, mt, children } = props;
  const [isActing, setActing] = useState(false);
  const act = async () => {
    setActing(true);
    await onAct?.();
    setActing(false);
  };
  return (
    <Group justify="flex-end" {...(mt === undefined ? {} : { mt })}>
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
      <Button
        loading={isSending || isActing}
        disabled={disabled}
        {...(danger ? { color: 'red' } : {})}
        {...(onAct === undefined ? { type: 'submit' } : { onClick: () => void act() })}
      >
        {children}
      </Button>
    </Group>
  );
}
