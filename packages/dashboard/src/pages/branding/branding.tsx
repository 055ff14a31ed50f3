// How the login pages look, beside a picture of them as they would be.
import { ColorInput, Grid, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useRead } from '../../api/reading.ts';
import type { ApiAnswer } from '../../api/request.ts';
import type { Branding } from '../../api/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';

/** `null` takes an address away. */
type Looks = Omit<Branding, 'logo_url' | 'favicon_url'> & {
  logo_url?: string | null;
  favicon_url?: string | null;
};

const path = '/branding';
const usual = { primary: '#14543f', page_background: '#f3f1ea' };

export function BrandingScreen() {
  const query = useRead<Branding>(path);
  return (
    <>
      <PageHeader title="Branding" description="The pages on which people log in, in your colours." />
      <OnceRead query={query}>{(stored) => <Settings stored={stored} />}</OnceRead>
    </>
  );
}

function Settings({ stored }: { stored: ApiAnswer<Branding> }) {
  const may = useAccess();
  const edit = useEdit<Looks>(stored, { path });
  const { colors = {}, logo_url, favicon_url } = edit.value;
  const background =
    typeof colors.page_background === 'object' ? colors.page_background.start : colors.page_background;
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, lg: 5 }}>
        <EditForm edit={edit} isReadOnly={!may('update:branding')}>
          <Section title="Looks">
            <TextInput
              label="Logo"
              description="A https URL; without one your name stands there"
              type="url"
              value={logo_url ?? ''}
              error={edit.errorOf('logo_url')}
              onChange={(event) => edit.set({ logo_url: event.currentTarget.value || null })}
            />
            <ColorInput
              label="Buttons and links"
              description="Words on it stay readable by themselves"
              format="hex"
              value={colors.primary ?? usual.primary}
              error={edit.errorOf('colors')}
              onChange={(primary) => edit.set({ colors: { ...colors, primary } })}
            />
            <ColorInput
              label="Page background"
              format="hex"
              value={background ?? usual.page_background}
              onChange={(page_background) => edit.set({ colors: { ...colors, page_background } })}
            />
            <TextInput
              label="Icon in the tab"
              description="A https URL"
              type="url"
              value={favicon_url ?? ''}
              error={edit.errorOf('favicon_url')}
              onChange={(event) => edit.set({ favicon_url: event.currentTarget.value || null })}
            />
          </Section>
        </EditForm>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Preview primary={colors.primary} page_background={background} logo_url={logo_url ?? undefined} />
      </Grid.Col>
    </Grid>
  );
}

interface PreviewProps {
  primary: string | undefined;
  page_background: string | undefined;
  logo_url: string | undefined;
}

const widths = { phone: 390, desktop: undefined };

/** The page itself, in a frame that runs no script and sends nothing. */
function Preview(props: PreviewProps) {
  const [screen, setScreen] = useState('login');
  const [device, setDevice] = useState<keyof typeof widths>('desktop');
  const asked = new URLSearchParams({ screen });
  for (const [name, value] of Object.entries(props)) if (typeof value === 'string') asked.set(name, value);
  const [settled] = useDebouncedValue(asked.toString(), 250);
  return (
    <Stack gap="sm">
      <div className="preview-bar">
        <SegmentedControl
          aria-label="Page"
          value={screen}
          onChange={setScreen}
          data={[
            { value: 'login', label: 'Log in' },
            { value: 'signup', label: 'Sign up' },
          ]}
        />
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
