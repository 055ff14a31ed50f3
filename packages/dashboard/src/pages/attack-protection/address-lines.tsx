import { Textarea } from '@mantine/core';
import { useState } from 'react';

interface AddressLinesProps {
  label: string;
  description: string;
  value: readonly string[];
  onChange: (addresses: string[]) => void;
  error?: string | undefined;
}

/** Addresses or ranges, one on each line. */
export function AddressLines({ label, description, value, onChange, error }: AddressLinesProps) {
  const [text, setText] = useState(value.join('\n'));
  const [shown, setShown] = useState(value);
  // What comes from elsewhere replaces what was typed.
  if (JSON.stringify(shown) !== JSON.stringify(value)) {
    setShown(value);
    setText(value.join('\n'));
  }
  const wrong = linesOf(text).filter((line) => !isRange(line));
  const change = (typed: string) => {
    setText(typed);
    setShown(linesOf(typed));
    onChange(linesOf(typed));
  };
  return (
    <Textarea
      label={label}
      description={description}
      placeholder={'203.0.113.7\n2001:db8::/32'}
      autosize
      minRows={2}
      maxRows={10}
      classNames={{ input: 'mono' }}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      error={wrong.length > 0 ? `No address or range: ${wrong.slice(0, 3).join(', ')}` : error}
    />
  );
}

function linesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** As far as a page can tell; the server judges. */
function isRange(text: string): boolean {
  const [address = '', bits] = text.split('/');
  const isV4 =
    /^\d{1,3}(\.\d{1,3}){3}$/.test(address) && address.split('.').every((part) => Number(part) < 256);
  const isV6 = address.includes(':') && /^[0-9a-fA-F:.]+$/.test(address);
  const most = isV4 ? 32 : 128;
  return (isV4 || isV6) && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= most));
}
