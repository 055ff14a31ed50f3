import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from 'react-router';
import { useWrite } from '../api/writing.tsx';
import { Confirm } from './confirm.tsx';
import { Section } from './section.tsx';

interface DeletionProps {
  /** "Delete this application" */
  title: string;
  /** What goes with it. */
  text: string;
  /** "Delete" */
  action: string;
  /** What has to be typed. */
  name: string;
  /** Of the API. */
  path: string;
  stale: readonly string[];
  /** What a toast says. */
  done: string;
  /** The screen that lists what is left. */
  to: string;
}

/** At the end of a thing's settings. */
export function Deletion({ title, text, action, name, path, stale, done, to }: DeletionProps) {
  const navigate = useNavigate();
  const { write } = useWrite();
  const [asking, { open, close }] = useDisclosure();
  const remove = async () => {
    const answer = await write({ method: 'DELETE', path }, { stale, gone: path, done });
    if (answer !== undefined) await navigate(to);
    return answer !== undefined;
  };
  return (
    <Section title="Danger zone" danger>
      <Group justify="space-between" gap="sm">
        <div className="section-title">
          <Text size="sm" fw={600}>
            {title}
          </Text>
          <Text size="sm" c="dimmed" component="div">
            {text}
          </Text>
        </div>
        <Button color="red" variant="outline" onClick={open}>
          {action}
        </Button>
        <Confirm {...{ title, text, action, name }} opened={asking} onClose={close} onConfirm={remove} />
      </Group>
    </Section>
  );
}
