import type { Prompts } from '../../api/types.ts';
import { useWrite } from '../../api/writing.tsx';
import { Section } from '../../parts/section.tsx';
import { Toggle } from '../../parts/toggle.tsx';
import { useAccess } from '../../session/access.tsx';

export const promptsPath = '/prompts';

/** Whether people say on one page who they are and prove it on the next. */
export function LoginFlow({ prompts: { identifier_first } }: { prompts: Prompts }) {
  const may = useAccess();
  const { write } = useWrite();
  const change = async (wanted: boolean) =>
    (await write(
      { method: 'PATCH', path: promptsPath, body: { identifier_first: wanted } },
      { stale: [promptsPath] },
    )) !== undefined;
  return (
    <Section title="Login">
      <Toggle
        label="Identifier first"
        description="Who somebody is on one page, the password on the next"
        checked={identifier_first}
        disabled={!may('update:prompts')}
        change={change}
        done={(isOn) => (isOn ? 'Login asks on two pages now' : 'Login asks on one page now')}
      />
    </Section>
  );
}
