// Days beside each other, as bars: drawn, and as a table for who does not see it.
import './chart.css';
import { Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';

interface Series {
  label: string;
  /** A class of styles.css that gives it its colour. */
  tone: 'primary' | 'second';
  values: readonly number[];
}

interface ChartProps {
  /** "Logins and sign-ups by day" */
  label: string;
  /** As many as each series has values. */
  days: readonly Date[];
  series: readonly Series[];
}

const height = 200;
const foot = 24;
const dayFormat = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });

export function Chart({ label, days, series }: ChartProps) {
  const { ref, width } = useElementSize();
  const [pointed, setPointed] = useState<number>();
  const most = niceCeiling(Math.max(2, ...series.flatMap(({ values }) => values)));
  const slot = width / Math.max(1, days.length);
  const bar = Math.max(2, Math.min(18, (slot * 0.7) / series.length));
  const top = (value: number) => (height - foot) * (1 - value / most);
  const labelled = Math.max(1, Math.ceil(days.length / Math.max(1, Math.floor(width / 70))));
  return (
    <div>
      <Group justify="space-between" mb="xs" mih={24}>
        <Group gap="md" aria-hidden="true">
          {series.map(({ label: name, tone }) => (
            <Group key={name} gap={6}>
              <span className={`chart-swatch chart-${tone}`} />
              <Text size="xs" c="dimmed">
                {name}
              </Text>
            </Group>
          ))}
        </Group>
        <Text size="xs" c="dimmed" aria-hidden="true">
          {pointed === undefined ? '' : inWords(days, series, pointed)}
        </Text>
      </Group>
      <div ref={ref}>
        <svg width={width} height={height} aria-hidden="true" focusable="false" className="chart">
          {[0, 0.5, 1].map((share) => (
            <g key={share}>
              <line className="chart-line" x1={0} x2={width} y1={top(most * share)} y2={top(most * share)} />
              {share > 0 && (
                <text className="chart-text" x={0} y={top(most * share) + 12}>
                  {(most * share).toLocaleString('en')}
                </text>
              )}
            </g>
          ))}
          {days.map((day, index) => (
            <g
              key={day.toISOString()}
              onPointerEnter={() => setPointed(index)}
              onPointerLeave={() => setPointed(undefined)}
            >
              <rect className="chart-slot" x={index * slot} y={0} width={slot} height={height - foot} />
              {series.map(({ label: name, tone, values }, place) => (
                <rect
                  key={name}
                  className={`chart-${tone}`}
                  x={index * slot + (slot - bar * series.length) / 2 + place * bar}
                  y={top(values[index] ?? 0)}
                  width={bar - 1}
                  height={height - foot - top(values[index] ?? 0)}
                  rx={Math.min(2, bar / 4)}
                />
              ))}
              {(days.length - 1 - index) % labelled === 0 && (
                <text className="chart-text" x={index * slot + slot / 2} y={height - 6} textAnchor="middle">
                  {dayFormat.format(day)}
                </text>
              )}
            </g>
          ))}
        </svg>
      </div>
      <table className="visually-hidden" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {series.map(({ label: name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((day, index) => (
            <tr key={day.toISOString()}>
              <th scope="row">{dayFormat.format(day)}</th>
              {series.map(({ label: name, values }) => (
                <td key={name}>{values[index] ?? 0}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inWords(days: readonly Date[], series: readonly Series[], index: number): string {
  const counts = series.map(
    ({ label, values }) => `${(values[index] ?? 0).toLocaleString('en')} ${label.toLowerCase()}`,
  );
  const day = days[index];
  return day === undefined ? '' : `${dayFormat.format(day)}: ${counts.join(', ')}`;
}

/** 2, 4, 6, 10, 20, 40 …: from 2 on, halves are whole. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 6, 10].find((step) => step * power >= value) ?? 10) * power;
}
