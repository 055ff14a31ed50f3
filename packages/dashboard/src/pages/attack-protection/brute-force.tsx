import { NumberInput, Radio, Stack, Switch } from '@mantine/core';
import { useRead } from '../../api/reading.ts';
import type { ApiAnswer } from '../../api/request.ts';
import type { BruteForceProtection } from '../../api/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { Section } from '../../parts/section.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';
import { AddressLines } from './address-lines.tsx';

const path = '/attack-protection/brute-force-protection';

export function BruteForce() {
  const query = useRead<BruteForceProtection>(path);
  return <OnceRead query={query}>{(stored) => <Settings stored={stored} />}</OnceRead>;
}

function Settings({ stored }: { stored: ApiAnswer<BruteForceProtection> }) {
  const may = useAccess();
  const edit = useEdit<BruteForceProtection>(stored, { path });
  const { enabled, shields, mode, max_attempts, allowlist } = edit.value;
  return (
    <EditForm edit={edit} isReadOnly={!may('update:attack_protection')}>
      <Section
        title="Brute-force protection"
        text="After too many wrong passwords for one account no more are tried. A right one, a new password or an administrator ends it."
      >
        <Switch
          label="On"
          checked={enabled}
          onChange={(event) => edit.set({ enabled: event.currentTarget.checked })}
        />
        <Switch
          label="Block the login"
          description="Without it failures are counted and nobody is stopped"
          checked={shields.includes('block')}
          disabled={!enabled}
          onChange={(event) =>
            edit.set({
              shields: event.currentTarget.checked
                ? [...shields, 'block']
                : shields.filter((shield) => shield !== 'block'),
            })
          }
        />
        <NumberInput
          label="Wrong passwords allowed"
          value={max_attempts}
          min={1}
          max={100}
          allowDecimal={false}
          maw={220}
          disabled={!enabled}
          error={edit.errorOf('max_attempts')}
          onChange={(count) => edit.set({ max_attempts: Number(count) })}
        />
        <Radio.Group
          label="What is counted"
          value={mode}
          onChange={(chosen) => edit.set({ mode: chosen as BruteForceProtection['mode'] })}
        >
          <Stack gap="sm" mt="xs">
            <Radio
              value="count_per_identifier_and_ip"
              disabled={!enabled}
              label="Failures for one account from one address"
              description="Somebody elsewhere cannot lock a person out"
            />
            <Radio
              value="count_per_identifier"
              disabled={!enabled}
              label="Failures for one account from anywhere"
              description="Stops those who try from many addresses; a stranger may lock a person out"
            />
          </Stack>
        </Radio.Group>
        <AddressLines
          label="Addresses that are never blocked"
          description="One address or range on each line"
          value={allowlist}
          onChange={(addresses) => edit.set({ allowlist: addresses })}
          error={edit.errorOf('allowlist')}
        />
      </Section>
    </EditForm>
  );
}
