import { NumberInput, SimpleGrid } from '@mantine/core';
import { useRead } from '../../api/reading.ts';
import type { ApiAnswer } from '../../api/request.ts';
import type { IpThrottling } from '../../api/types.ts';
import { OnceRead } from '../../parts/once-read.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { Protection } from './protection.tsx';

const path = '/attack-protection/suspicious-ip-throttling';

/** `shortest`: seconds. */
const stages = [
  { name: 'pre-login', label: 'Failed logins', most: 2500, shortest: 34.56 },
  { name: 'pre-user-registration', label: 'Sign-ups', most: 72_000, shortest: 1.2 },
  {
    name: 'pre-custom-token-exchange',
    label: 'Refused tokens of partners',
    most: 1_000_000,
    shortest: 0.001,
  },
] as const;
type Stage = (typeof stages)[number]['name'];

/** Seconds. */
const longest = 86_400;

export function SuspiciousAddresses() {
  const query = useRead<IpThrottling>(path);
  return <OnceRead query={query}>{(stored) => <Settings stored={stored} />}</OnceRead>;
}

function Settings({ stored }: { stored: ApiAnswer<IpThrottling> }) {
  const edit = useEdit(stored, { path });
  const { enabled, stage } = edit.value;
  const setStage = (name: Stage, change: Partial<IpThrottling['stage'][Stage]>) =>
    edit.set({ stage: { ...stage, [name]: { ...stage[name], ...change } } });
  return (
    <Protection
      edit={edit}
      title="Suspicious addresses"
      text="One address that fails at many accounts, or signs many people up, is slowed down."
      block={{
        label: 'Slow it down',
        description: 'Without it attempts are counted and nobody is stopped',
      }}
      allowlist="Addresses that are never slowed down"
    >
      {stages.map(({ name, label, most, shortest }) => (
        <SimpleGrid key={name} cols={{ base: 1, sm: 2 }}>
          <NumberInput
            label={label}
            description="from one address at once"
            value={stage[name].max_attempts}
            min={1}
            max={most}
            allowDecimal={false}
            disabled={!enabled}
            error={edit.errorOf('stage')}
            onChange={(count) => setStage(name, { max_attempts: Number(count) })}
          />
          <NumberInput
            label={`${label}: one more each`}
            description="seconds"
            value={stage[name].rate / 1000}
            min={shortest}
            max={longest}
            disabled={!enabled}
            onChange={(seconds) => setStage(name, { rate: Math.max(1, Math.round(Number(seconds) * 1000)) })}
          />
        </SimpleGrid>
      ))}
    </Protection>
  );
}
