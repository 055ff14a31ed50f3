// How the login pages look and ask, beside a picture of them as they would be.
import { ColorInput, Grid, TextInput } from '@mantine/core';
import { useRead } from '../../api/reading.ts';
import type { ApiAnswer } from '../../api/request.ts';
import type { Branding, Prompts } from '../../api/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Section } from '../../parts/section.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';
import { LoginFlow, promptsPath } from './login-flow.tsx';
import { Preview } from './preview.tsx';

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
  const prompts = useRead<Prompts>(promptsPath, {}, { enabled: may('read:prompts') }).data?.value;
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
        {prompts !== undefined && <LoginFlow prompts={prompts} />}
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 7 }}>
        <Preview
          primary={colors.primary}
          page_background={background}
          logo_url={logo_url ?? undefined}
          isIdentifierFirst={prompts?.identifier_first ?? false}
        />
      </Grid.Col>
    </Grid>
  );
}
