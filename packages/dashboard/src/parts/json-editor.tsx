import { JsonInput } from '@mantine/core';
import { useState } from 'react';

interface JsonEditorProps {
  label: string;
  description?: string;
  value: object;
  /** Called with every state that is an object; what cannot be read is told here. */
  onChange: (value: object) => void;
  disabled?: boolean;
  error?: string | undefined;
}

export function JsonEditor({
  label,
  description,
  value,
  onChange,
  disabled = false,
  error,
}: JsonEditorProps) {
  const [text, setText] = useState(() => written(value));
  const [shown, setShown] = useState(value);
  // What comes from elsewhere (reading anew, discarding) replaces what was typed.
  if (JSON.stringify(shown) !== JSON.stringify(value)) {
    setShown(value);
    setText(written(value));
  }
  const { problem } = parse(text);
  const change = (typed: string) => {
    setText(typed);
    const { parsed } = parse(typed);
    if (parsed === undefined) return;
    setShown(parsed);
    onChange(parsed);
  };
  return (
    <JsonInput
      label={label}
      description={description}
      value={text}
      onChange={change}
      onBlur={() => problem === undefined && setText(written(shown))}
      error={problem ?? error}
      disabled={disabled}
      autosize
      minRows={4}
      maxRows={20}
      spellCheck={false}
      classNames={{ input: 'mono' }}
    />
  );
}

function written(value: object): string {
  return JSON.stringify(value, undefined, 2);
}

function parse(text: string): { parsed?: object; problem?: string } {
  try {
    const parsed: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      return { problem: 'This must be an object: { … }' };
    }
    return { parsed };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'This is no JSON' };
  }
}
