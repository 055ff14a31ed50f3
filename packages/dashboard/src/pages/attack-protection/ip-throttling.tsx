import { NumberInput, SimpleGrid, Switch } from '@mantine/core';
import { useRead } from '../../api/reading.ts';
import type { ApiAnswer } from '../../api/request.ts';
import type { IpThrottling as Throttling } from '../../api/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { OnceRead } from '../../parts/once-read.tsx';
import { Section } from '../../parts/section.tsx';
import { useEdit } from '../../parts/use-edit.ts';
import { useAccess } from '../../session/access.tsx';
import { AddressLines } from './address-lines.tsx';

const path = '/attack-protection/suspicious-ip-throttling';

const stages = [
  ['pre-login', 'Failed logins', 'from one address at once'],
  ['pre-user-registration', 'Sign-ups', 'from one address at once'],
] as const;
type Stage = (typeof stages)[number][0];

export function IpThrottling() {
  const query = useRead<Throttling>(path);
  return <OnceRead query={query}>{(stored) => <Settings stored={stored} />}</OnceRead>;
}

function Settings({ stored }: { stored: ApiAnswer<Throttling> }) {
  const may = useAccess();
  const edit = useEdit<Throttling>(stored, { path });
  const { enabled, shields, allowlist, stage } = edit.value;
  const setStage = (name: Stage, change: Partial<Throttling['stage'][Stage]>) =>
    edit.set({ stage: { ...stage, [name]: { ...stage[name], ...change } } });
  return (
    <EditForm edit={edit} isReadOnly={!may('update:attack_protection')}>
      <Section
        title="Suspicious addresses"
        text="One address that fails at many accounts, or signs many people up, is slowed down."
      >
        <Switch
          label="On"
          checked={enabled}
          onChange={(event) => edit.set({ enabled: event.currentTarget.checked })}
        />
        <Switch
          label="Slow it down"
          description="Without it attempts are counted and nobody is stopped"
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
        {stages.map(([name, label, description]) => (
          <SimpleGrid key={name} cols={{ base: 1, sm: 2 }}>
            <NumberInput
              label={label}
              description={description}
              value={stage[name].max_attempts}
              min={1}
              allowDecimal={false}
              disabled={!enabled}
              error={edit.errorOf('stage')}
              onChange={(count) => setStage(name, { max_attempts: Number(count) })}
            />
            <NumberInput
              label={`${label}: one more each`}
              description="seconds"
              value={stage[name].rate / 1000}
              min={0.001}
              disabled={!enabled}
              onChange={(seconds) =>
                setStage(name, { rate: Math.max(1, Math.round(Number(seconds) * 1000)) })
              }
            />
          </SimpleGrid>
        ))}
        <AddressLines
          label="Addresses that are never slowed down"
          description="One address or range on each line"
          value={allowlist}
          onChange={(addresses) => edit.set({ allowlist: addresses })}
          error={edit.errorOf('allowlist')}
        />
      </Section>
    </EditForm>
  );
}
