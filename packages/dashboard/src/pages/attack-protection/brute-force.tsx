import { NumberInput, Radio, Stack } from '@mantine/core';
import { useRead } from '../../api/reading.ts';
import type { ApiAnswer } from '../../api/request.ts';
import type { BruteForceProtection } from '../../api/types.ts';
import { OnceRead } from '../../parts/once-read.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { Protection } from './protection.tsx';

const path = '/attack-protection/brute-force-protection';

export function BruteForce() {
  const query = useRead<BruteForceProtection>(path);
  return <OnceRead query={query}>{(stored) => <Settings stored={stored} />}</OnceRead>;
}

function Settings({ stored }: { stored: ApiAnswer<BruteForceProtection> }) {
  const edit = useEdit(stored, { path });
  const { enabled, mode, max_attempts } = edit.value;
  return (
    <Protection
      edit={edit}
      title="Brute-force protection"
      text="After too many wrong passwords for one account no more are tried. A right one, a new password or an administrator ends it."
      block={{
        label: 'Block the login',
        description: 'Without it failures are counted and nobody is stopped',
      }}
      allowlist="Addresses that are never blocked"
    >
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
    </Protection>
  );
}
