import { Group, Input, NativeSelect, NumberInput } from '@mantine/core';
import { useId, useState } from 'react';

const units = [
  { label: 'days', seconds: 86_400 },
  { label: 'hours', seconds: 3600 },
  { label: 'minutes', seconds: 60 },
  { label: 'seconds', seconds: 1 },
] as const;

interface DurationInputProps {
  label: string;
  description?: string;
  /** Seconds. */
  value: number;
  onChange: (seconds: number) => void;
  min?: number;
  max?: number;
  error?: string | undefined;
  disabled?: boolean;
}

/** Seconds, in the unit that says them shortest. */
export function DurationInput(props: DurationInputProps) {
  const { label, description, value, onChange, min = 1, max, error, disabled = false } = props;
  const id = useId();
  const fitting = units.find(({ seconds }) => value !== 0 && value % seconds === 0) ?? units[3];
  const [unit, setUnit] = useState<number>(fitting.seconds);
  // A number from elsewhere may not be whole in the unit that was chosen for another.
  const shown = value % unit === 0 ? unit : fitting.seconds;
  const tooMuch = max !== undefined && value > max ? `At most ${inUnits(max)}` : undefined;
  const tooLittle = value < min ? `At least ${inUnits(min)}` : undefined;
  return (
    <Input.Wrapper label={label} description={description} error={error ?? tooMuch ?? tooLittle} id={id}>
      <Group gap="xs" wrap="nowrap" mb={5} maw={320}>
        <NumberInput
          id={id}
          flex={1}
          value={value / shown}
          min={0}
          allowDecimal={false}
          allowNegative={false}
          disabled={disabled}
          onChange={(count) => onChange(Math.round(Number(count) * shown))}
        />
        <NativeSelect
          aria-label={`${label}: unit`}
          value={String(shown)}
          disabled={disabled}
          data={units.map(({ label, seconds }) => ({ label, value: String(seconds) }))}
          onChange={(event) => {
            const next = Number(event.currentTarget.value);
            setUnit(next);
            onChange((value / shown) * next);
          }}
        />
      </Group>
    </Input.Wrapper>
  );
}

/** "30 days" */
function inUnits(seconds: number): string {
  const unit = units.find((it) => seconds % it.seconds === 0) ?? units[3];
  const count = seconds / unit.seconds;
  return `${count} ${count === 1 ? unit.label.slice(0, -1) : unit.label}`;
}
