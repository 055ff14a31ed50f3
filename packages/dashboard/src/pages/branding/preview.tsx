import { SegmentedControl, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';

interface PreviewProps {
  primary: string | undefined;
  page_background: string | undefined;
  logo_url: string | undefined;
  isIdentifierFirst: boolean;
}

const signup = { value: 'signup', label: 'Sign up' };
const onOnePage = [{ value: 'login', label: 'Log in' }, signup];
const identifierFirst = [
  { value: 'login-id', label: 'Log in' },
  { value: 'login-password', label: 'Password' },
  signup,
];

const widths = { phone: 390, desktop: undefined };

/** The page itself, in a frame that runs no script and sends nothing. */
export function Preview({ isIdentifierFirst, ...looks }: PreviewProps) {
  const screens = isIdentifierFirst ? identifierFirst : onOnePage;
  const [chosen, setChosen] = useState('login');
  const screen = (screens.find(({ value }) => value === chosen) ?? screens[0])?.value ?? '';
  const [device, setDevice] = useState<keyof typeof widths>('desktop');
  const asked = new URLSearchParams({ screen });
  for (const [name, value] of Object.entries(looks)) if (typeof value === 'string') asked.set(name, value);
  const [settled] = useDebouncedValue(asked.toString(), 250);
  return (
    <Stack gap="sm">
      <div className="preview-bar">
        <SegmentedControl aria-label="Page" value={screen} onChange={setChosen} data={screens} />
        <SegmentedControl
          aria-label="Device"
          value={device}
          onChange={(value) => setDevice(value as keyof typeof widths)}
          data={[
            { value: 'desktop', label: 'Desktop' },
            { value: 'phone', label: 'Phone' },
          ]}
        />
      </div>
      <iframe
        title="Preview of the login page"
        className="preview card"
        width={widths[device]}
        sandbox=""
        src={`/dashboard/preview?${settled}`}
      />
    </Stack>
  );
}
