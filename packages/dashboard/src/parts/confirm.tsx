import { Modal, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { DialogButtons } from './dialog-buttons.tsx';

interface ConfirmProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will be gone, or what will happen. */
  text: ReactNode;
  /** What has to be typed; without it the button is enough. */
  name?: string | undefined;
  /** "Delete the application" */
  action: string;
  /** Resolves to whether it is done; the dialog closes then. */
  onConfirm: () => Promise<boolean>;
}

/** Before what cannot be undone: its name has to be typed. */
export function Confirm({ opened, onClose, title, ...rest }: ConfirmProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <ConfirmForm onClose={onClose} {...rest} />
    </Modal>
  );
}

function ConfirmForm({ onClose, text, name, action, onConfirm }: Omit<ConfirmProps, 'opened' | 'title'>) {
  const [typed, setTyped] = useState('');
  const [isRunning, setRunning] = useState(false);
  const isRight = name === undefined || typed.trim() === name.trim();
  const confirm = async () => {
    setRunning(true);
    const isDone = await onConfirm();
    setRunning(false);
    if (isDone) onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight) void confirm();
      }}
    >
      <Text size="sm" component="div">
        {text}
      </Text>
      {name !== undefined && (
        <TextInput
          mt="md"
          label={
            <>
              Type <bdi className="mono">{name}</bdi> to go on
            </>
          }
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
      )}
      <DialogButtons mt="lg" onCancel={onClose} danger disabled={!isRight} isSending={isRunning}>
        {action}
      </DialogButtons>
    </form>
  );
}
