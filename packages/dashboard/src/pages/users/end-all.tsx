import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useWrite } from '../../api/writing.tsx';
import { Confirm } from '../../parts/confirm.tsx';

interface EndAllProps {
  title: string;
  text: string;
  path: string;
  done: string;
}

export function EndAll({ title, text, path: at, done }: EndAllProps) {
  const [asking, { open, close }] = useDisclosure();
  const { write } = useWrite();
  return (
    <>
      <Button size="xs" variant="default" onClick={open}>
        {title}
      </Button>
      <Confirm
        opened={asking}
        onClose={close}
        title={title}
        text={text}
        action={title}
        onConfirm={async () =>
          (await write({ method: 'DELETE', path: at }, { stale: [at], done })) !== undefined
        }
      />
    </>
  );
}
