import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { EditForm } from '../../parts/edit-form.tsx';
import { Section } from '../../parts/section.tsx';
import type { Edit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';
import { AddressLines } from './address-lines.tsx';

interface Settings {
  enabled: boolean;
  shields: string[];
  allowlist: string[];
}

interface ProtectionProps<T extends Settings> {
  edit: Edit<T>;
  title: string;
  text: string;
  /** What it does about attempts, beside counting them. */
  block: { label: string; description: string };
  /** Of the addresses that it lets pass. */
  allowlist: string;
  /** What is counted, and how much is too much. */
  children: ReactNode;
}

/** What all protections have in common. */
export function Protection<T extends Settings>(props: ProtectionProps<T>) {
  const { edit, title, text, block, allowlist, children } = props;
  const may = useAccess();
  const { enabled, shields } = edit.value;
  const set = (changes: Partial<Settings>) => edit.set(changes as Partial<T>);
  return (
    <EditForm edit={edit} isReadOnly={!may('update:attack_protection')}>
      <Section title={title} text={text}>
        <Switch
          label="On"
          checked={enabled}
          onChange={(event) => set({ enabled: event.currentTarget.checked })}
        />
        <Switch
          {...block}
          checked={shields.includes('block')}
          disabled={!enabled}
          onChange={(event) => {
            const others = shields.filter((shield) => shield !== 'block');
            set({ shields: event.currentTarget.checked ? [...others, 'block'] : others });
          }}
        />
        {children}
        <AddressLines
          label={allowlist}
          description="One address or range on each line"
          value={edit.value.allowlist}
          onChange={(addresses) => set({ allowlist: addresses })}
          error={edit.errorOf('allowlist')}
        />
      </Section>
    </EditForm>
  );
}
