import { SimpleGrid, Switch } from '@mantine/core';
import type { Client, RefreshTokenSettings } from '../../api/types.ts';
import { DurationInput } from '../../parts/duration-input.tsx';
import { Section } from '../../parts/section.tsx';
import type { Edit } from '../../parts/use-edit.ts';

const unset: RefreshTokenSettings = { rotation_type: 'non-rotating', expiration_type: 'non-expiring' };

export function RefreshTokens({ edit: { value, set, errorOf } }: { edit: Edit<Client> }) {
  const settings = value.refresh_token ?? unset;
  const change = (changes: Partial<RefreshTokenSettings>) =>
    set({ refresh_token: { ...settings, ...changes } });
  const isRotating = settings.rotation_type === 'rotating';
  const endsAnyway = settings.infinite_token_lifetime !== true && settings.expiration_type === 'expiring';
  const endsUnused =
    settings.infinite_idle_token_lifetime !== true && settings.expiration_type === 'expiring';
  /** Rotating tokens expire; either end makes them expiring. */
  const expire = (anyway: boolean, unused: boolean) =>
    change({
      expiration_type: anyway || unused || isRotating ? 'expiring' : 'non-expiring',
      infinite_token_lifetime: !anyway,
      infinite_idle_token_lifetime: !unused,
    });
  return (
    <Section
      title="Refresh tokens"
      text="How long somebody stays logged in to this application without being asked."
    >
      <Switch
        label="Rotate"
        description="Each use gives a new one, and one that is used twice ends them all. For applications in browsers."
        checked={isRotating}
        onChange={(event) =>
          change(
            event.currentTarget.checked
              ? { rotation_type: 'rotating', expiration_type: 'expiring' }
              : { rotation_type: 'non-rotating' },
          )
        }
      />
      {isRotating && (
        <DurationInput
          label="Leeway"
          description="How long the one before is still taken, for answers that got lost on the way."
          min={0}
          max={60}
          value={settings.leeway ?? 0}
          error={errorOf('refresh_token')}
          onChange={(leeway) => change({ leeway })}
        />
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <div>
          <Switch
            label="Ends, however often it is used"
            checked={endsAnyway}
            mb="sm"
            onChange={(event) => expire(event.currentTarget.checked, endsUnused)}
          />
          {endsAnyway && (
            <DurationInput
              label="After"
              max={157_788_000}
              value={settings.token_lifetime ?? 2_592_000}
              onChange={(token_lifetime) => change({ token_lifetime })}
            />
          )}
        </div>
        <div>
          <Switch
            label="Ends when it is not used"
            checked={endsUnused}
            mb="sm"
            onChange={(event) => expire(endsAnyway, event.currentTarget.checked)}
          />
          {endsUnused && (
            <DurationInput
              label="For"
              max={157_788_000}
              value={settings.idle_token_lifetime ?? 1_296_000}
              onChange={(idle_token_lifetime) => change({ idle_token_lifetime })}
            />
          )}
        </div>
      </SimpleGrid>
    </Section>
  );
}
