// Addresses, one a line: each is judged by itself, so that a typing error is seen where it stands.
import { ActionIcon, Button, Group, Input, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useId, useRef, useState } from 'react';
import { judgeUrl, type UrlKind } from './judge-url.ts';

interface UrlLinesProps {
  label: string;
  description?: string;
  kind: UrlKind;
  value: readonly string[];
  onChange: (urls: string[]) => void;
  error?: string | undefined;
  placeholder?: string;
  disabled?: boolean;
}

interface Line {
  id: number;
  text: string;
}

let lastId = 0;
function newLine(text: string): Line {
  lastId += 1;
  return { id: lastId, text };
}

const filled = (lines: readonly Line[]) => lines.map(({ text }) => text).filter((text) => text !== '');

export function UrlLines({ value, onChange, label, description, error, ...rest }: UrlLinesProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [blank] = useState(() => newLine(''));
  // What comes from elsewhere (reading anew, discarding) replaces what was typed.
  if (filled(lines).join('\n') !== value.join('\n')) setLines(value.map(newLine));
  const shown = lines.length === 0 ? [blank] : lines;

  const put = (next: readonly Line[]) => {
    setLines(next);
    onChange(filled(next));
  };
  const change = (index: number, text: string) => {
    // A list that is pasted becomes lines.
    const [first = '', ...more] = text.split(/[\s,]+/).filter((part) => part !== '');
    const line = shown[index];
    if (line !== undefined) put(shown.toSpliced(index, 1, { ...line, text: first }, ...more.map(newLine)));
  };
  const add = () => {
    setLines([...shown, newLine('')]);
    requestAnimationFrame(() => [...(box.current?.querySelectorAll('input') ?? [])].at(-1)?.focus());
  };
  return (
    <Input.Wrapper
      label={label}
      description={description}
      error={error}
      labelElement="div"
      inputWrapperOrder={['label', 'description', 'error', 'input']}
      labelProps={{ id }}
    >
      <Stack gap="xs" mt={6} ref={box} role="group" aria-labelledby={id}>
        {shown.map((line, index) => (
          <UrlLine
            key={line.id}
            {...rest}
            label={`${label}, line ${index + 1}`}
            value={line.text}
            onChange={(text) => change(index, text)}
            onRemove={lines.length === 0 ? undefined : () => put(shown.toSpliced(index, 1))}
          />
        ))}
        {rest.disabled !== true && shown.at(-1)?.text !== '' && (
          <Button
            variant="subtle"
            size="compact-sm"
            w="fit-content"
            leftSection={<IconPlus size={14} />}
            onClick={add}
          >
            Add another
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}

interface UrlLineProps {
  label: string;
  kind: UrlKind;
  value: string;
  placeholder?: string;
  disabled?: boolean;
  onChange: (text: string) => void;
  onRemove: (() => void) | undefined;
}

function UrlLine({ label, kind, value, placeholder, disabled = false, onChange, onRemove }: UrlLineProps) {
  const { error, warning } = judgeUrl(value, kind);
  return (
    <div>
      <Group gap="xs" wrap="nowrap" align="flex-start">
        <TextInput
          aria-label={label}
          flex={1}
          miw={0}
          type="text"
          inputMode="url"
          value={value}
          error={error}
          disabled={disabled}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
          {...(placeholder === undefined ? {} : { placeholder })}
        />
        {onRemove !== undefined && !disabled && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            onClick={onRemove}
            aria-label={`Remove ${label}`}
          >
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </Group>
      {warning !== undefined && (
        <Text size="xs" c="var(--warning)" mt={4}>
          {warning}
        </Text>
      )}
    </div>
  );
}
