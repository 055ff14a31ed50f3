// From what was measured to the page that tells it, with the targets beside the figures.
import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import type { Load } from './driver.ts';
import {
  type Algorithm,
  algorithms,
  type ManagementOperation,
  managementOperations,
  type Operation,
  operations,
} from './flow.ts';
import type { SignatureCosts } from './signatures.ts';

export type Name = 'freehold' | 'peer' | 'floor';

/** Nothing is signed for the Management API. */
type Subject =
  | { name: 'freehold' | 'peer'; alg: Algorithm; operation: Operation }
  | { name: 'freehold'; alg?: undefined; operation: ManagementOperation }
  | { name: 'floor'; alg?: undefined; operation: 'userinfo' };

export interface Measured extends Load {
  count: number;
  serverCpuMilliseconds: number;
}

/** All rounds of each operation together. */
export class Measurements {
  readonly #sums = new Map<string, Measured>();

  add({ name, alg, operation }: Subject, measured: Measured): void {
    const key = `${name} ${alg ?? ''} ${operation}`;
    const sum = this.#sums.get(key);
    this.#sums.set(key, sum === undefined ? measured : added(sum, measured));
  }

  of({ name, alg, operation }: Subject): Figures {
    const sum = this.#sums.get(`${name} ${alg ?? ''} ${operation}`);
    if (sum === undefined) throw new Error(`${operation} was not measured`);
    const latencies = sum.latencies.sort((a, b) => a - b);
    return {
      requestsPerSecond: (sum.count / sum.milliseconds) * 1000,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      cpu: sum.serverCpuMilliseconds / sum.count,
      driverCpu: sum.cpuMilliseconds / sum.count,
    };
  }
}

interface Figures {
  requestsPerSecond: number;
  /** Milliseconds, as the rest. */
  p50: number;
  p99: number;
  /** Of the server, for one operation. */
  cpu: number;
  /** Of the load, for one operation. */
  driverCpu: number;
}

function added(a: Measured, b: Measured): Measured {
  return {
    count: a.count + b.count,
    milliseconds: a.milliseconds + b.milliseconds,
    latencies: a.latencies.concat(b.latencies),
    cpuMilliseconds: a.cpuMilliseconds + b.cpuMilliseconds,
    serverCpuMilliseconds: a.serverCpuMilliseconds + b.serverCpuMilliseconds,
  };
}

function quantile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Start-up and memory of Freehold: milliseconds and MB (10⁶ bytes). */
export interface Surroundings {
  firstStart: number;
  secondStart: number;
  memoryAfterReady: number;
  memoryAfterLogins: number;
}

export interface Result {
  measurements: Measurements;
  signatures: SignatureCosts;
  surroundings: Surroundings;
  rounds: number;
  requestsPerRound: number;
}

interface Verdict {
  what: string;
  measured: string;
  target: string;
  met: boolean;
}

export function report(result: Result): { text: string; missed: number } {
  const verdicts = [...speedVerdicts(result), ...surroundingsVerdicts(result.surroundings)];
  const missed = verdicts.filter(({ met }) => !met).length;
  const text = [
    '# Results of the benchmark',
    '',
    ...circumstances(result),
    '',
    '## Operations',
    '',
    ...operationsTable(result),
    '',
    ...floors(result),
    '',
    '## Management API',
    '',
    ...managementTable(result),
    '',
    '## Targets',
    '',
    ...table(
      ['', 'measured', 'target', ''],
      verdicts.map(({ what, measured, target, met }) => [what, measured, target, met ? 'met' : '**missed**']),
    ),
    '',
    ...fairness,
    '',
  ].join('\n');
  return { text, missed };
}

function circumstances({ rounds, requestsPerRound }: Result): string[] {
  const git = (...parameters: string[]) => execFileSync('git', parameters, { encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'packages', 'bench') !== '';
  const [cpu] = cpus();
  return [
    `- ${new Date().toISOString().slice(0, 10)}, commit ${git('rev-parse', '--short', 'HEAD')}${changed ? ' with changes' : ''}`,
    `- Node ${process.versions.node}, ${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    `- ${rounds} rounds of ${requestsPerRound} requests for each line, over 64 connections, after a warm-up; \`npm run bench -- --write\``,
  ];
}

function operationsTable({ measurements }: Result): string[] {
  const rows = algorithms.flatMap((alg) =>
    operations.flatMap((operation) => {
      const ours = measurements.of({ name: 'freehold', alg, operation });
      const theirs = measurements.of({ name: 'peer', alg, operation });
      const what = `${operation}, ${alg}`;
      return [
        [what, 'Freehold', ...figures(ours), `${fixed(theirs.cpu / ours.cpu, 2)}×`],
        ['', 'oidc-provider', ...figures(theirs), ''],
      ];
    }),
  );
  const names = ['requests/s', 'p50 ms', 'p99 ms', 'CPU ms/op', 'load’s CPU ms/op'];
  return table(['operation', 'server', ...names, 'operations per CPU second'], rows);
}

function floors({ measurements, signatures }: Result): string[] {
  const floor = measurements.of({ name: 'floor', operation: 'userinfo' });
  const ratios = algorithms.map((alg) => {
    const theirs = measurements.of({ name: 'peer', alg, operation: 'userinfo' });
    return `${fixed(theirs.cpu / floor.cpu, 2)}× (${alg})`;
  });
  const signed = algorithms.map((alg) => `${fixed(signatures.of(alg), 3)} ms (${alg})`);
  return [
    `One signature alone costs ${signed.join(' and ')} of processor time.`,
    '',
    `Node’s HTTP server alone, with a fixed answer to the request of /userinfo, costs ${fixed(floor.cpu, 3)} ms: no server on it`,
    `can do more than ${ratios.join(' and ')} of the peer’s operations per CPU second.`,
  ];
}

function managementTable({ measurements }: Result): string[] {
  const rows = managementOperations.map((operation) => [
    `\`${operation}\``,
    ...figures(measurements.of({ name: 'freehold', operation })),
  ]);
  return table(['operation', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms/op', 'load’s CPU ms/op'], rows);
}

function figures({ requestsPerSecond, p50, p99, cpu, driverCpu }: Figures): string[] {
  return [fixed(requestsPerSecond, 0), fixed(p50, 2), fixed(p99, 2), fixed(cpu, 3), fixed(driverCpu, 3)];
}

type Compared = Exclude<Operation, 'client credentials'>;
const compared = operations.filter((operation): operation is Compared => operation !== 'client credentials');

const targets: Record<Algorithm, Record<Compared, number | undefined>> = {
  ES256: { authorize: 2, 'code exchange': 1.5, refresh: 1.5, userinfo: 4 },
  // Where an RSA signature is most of the work, it is what surrounds it that is compared.
  RS256: { authorize: 2, 'code exchange': undefined, refresh: undefined, userinfo: 4 },
};

/** A second, or of the signatures that one second has room for, where these are the bound. */
const enoughClientCredentials = { requestsPerSecond: 1000, shareOfSignatures: 0.85 };

function clientCredentialsVerdict({ measurements, signatures }: Result, alg: Algorithm): Verdict {
  const { requestsPerSecond } = measurements.of({ name: 'freehold', alg, operation: 'client credentials' });
  const share = requestsPerSecond / (1000 / signatures.of(alg));
  const enough = enoughClientCredentials;
  return {
    what: `client credentials, ${alg}: requests per second`,
    measured: `${fixed(requestsPerSecond, 0)}, ${fixed(share, 2)} of the signature rate`,
    target: `≥ ${enough.requestsPerSecond} or ≥ ${enough.shareOfSignatures} of the signature rate`,
    met: requestsPerSecond >= enough.requestsPerSecond || share >= enough.shareOfSignatures,
  };
}

function speedVerdicts(result: Result): Verdict[] {
  const { measurements, signatures } = result;
  return algorithms.flatMap((alg) => [
    ...compared.map((operation) => {
      const ours = measurements.of({ name: 'freehold', alg, operation }).cpu;
      const theirs = measurements.of({ name: 'peer', alg, operation }).cpu;
      const what = `${operation}, ${alg}`;
      const target = targets[alg][operation];
      if (target !== undefined) {
        const ratio = theirs / ours;
        return {
          what: `${what}: operations per CPU second`,
          measured: `${fixed(ratio, 2)}×`,
          target: `≥ ${target}×`,
          met: ratio >= target,
        };
      }
      const signature = signatures.of(alg);
      const share = (ours - signature) / (theirs - signature);
      return {
        what: `${what}: CPU beyond the signature`,
        measured: `${fixed(ours - signature, 3)} of ${fixed(theirs - signature, 3)} ms, ${fixed(share, 2)}×`,
        target: '≤ 0.5×',
        met: share <= 0.5,
      };
    }),
    clientCredentialsVerdict(result, alg),
  ]);
}

function surroundingsVerdicts(surroundings: Surroundings): Verdict[] {
  const { firstStart, secondStart, memoryAfterReady, memoryAfterLogins } = surroundings;
  const below = (what: string, value: number, limit: number, unit: string): Verdict => ({
    what,
    measured: `${fixed(value, 0)} ${unit}`,
    target: `< ${limit} ${unit}`,
    met: value < limit,
  });
  return [
    below('first start, to the ready line', firstStart, 1000, 'ms'),
    below('second start, to the ready line', secondStart, 1000, 'ms'),
    below('resident memory, 10 s after ready', memoryAfterReady, 100, 'MB'),
    below('resident memory, 10 s after 100 logins', memoryAfterLogins, 150, 'MB'),
  ];
}

const fairness = [
  '## What is compared',
  '',
  'The same requests to both, for the same 100 people, who are signed in: `/authorize` with `prompt=none` and the',
  'session cookie, answered with a code; its exchange with PKCE (S256) by a public client; one refresh, which rotates;',
  'one `/userinfo` with the new access token. Scopes `openid profile email offline_access`, an ID token with the claims',
  'of the scopes at every exchange and refresh, RSA keys of 2,048 bits, access tokens without an API; with client',
  'credentials, sent in the body, the access token of an API, a JWT. Both processes run',
  'one event loop with `NODE_ENV=production`, warmed up; rounds alternate between them. Processor time is that of all',
  'threads of the server, from `/proc`.',
  '',
  'oidc-provider keeps everything in a `Map` in its memory and checks no password. It has the features that it switches on',
  'by itself, and signs its cookies, as its documentation asks. Freehold writes every code, token and tenant log entry to',
  'SQLite on disk with `synchronous=FULL` before it answers.',
];

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function fixed(value: number, digits: number): string {
  return value.toFixed(digits);
}
