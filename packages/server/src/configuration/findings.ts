// What is found in a configuration file: problems, which stop the start, and warnings, which do not. Each names
// its place and, in words, the fix.
import { editDistance } from '../runtime/edit-distance.ts';

export type Path = readonly (string | number)[];

export interface Finding {
  /** As in `clients[2].callbacks[0]`; empty for the file as a whole. */
  path: string;
  /** Counted from 1; undefined where the format does not tell. */
  line: number | undefined;
  text: string;
}

/** The file, or what it asks of the database, is wrong; nothing of it was applied. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
  readonly file: string;
  readonly problems: readonly Finding[];

  constructor(file: string, problems: readonly Finding[]) {
    super([`${file} is not applied:`, ...problems.map((problem) => inWords(file, problem))].join('\n  '));
    this.file = file;
    this.problems = problems;
  }
}

export function inWords(file: string, { path, line, text }: Finding): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return path === '' ? `${place}: ${text}` : `${place}: ${path} ${text}`;
}

export class Findings {
  readonly file: string;
  readonly problems: Finding[] = [];
  readonly warnings: Finding[] = [];
  readonly lineOf: (path: Path) => number | undefined;

  constructor(file: string, lineOf: (path: Path) => number | undefined = () => undefined) {
    this.file = file;
    this.lineOf = lineOf;
  }

  problem(path: Path, text: string): void {
    this.problems.push(this.#finding(path, text));
  }

  problemAt(line: number, text: string): void {
    this.problems.push({ path: '', line, text });
  }

  /** Once for all entries of a list: what an import repeats a hundred times is told once. */
  warn(path: Path, text: string): void {
    const finding = this.#finding(path, text);
    const kind = (path: string) => path.replace(/\[\d+\]/g, '[]');
    if (this.warnings.some((other) => other.text === text && kind(other.path) === kind(finding.path))) return;
    this.warnings.push(finding);
  }

  warnOfNoEffect(path: Path): void {
    this.warn(path, 'is not supported yet and has no effect');
  }

  throwIfAny(): void {
    if (this.problems.length > 0) throw new ConfigurationError(this.file, byLine(this.problems));
  }

  #finding(path: Path, text: string): Finding {
    return { path: pathInWords(path), line: this.lineOf(path), text };
  }
}

/** In the order of the file. */
export function byLine(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

export function pathInWords(path: Path): string {
  return path.reduce<string>((words, step) => {
    if (typeof step === 'number') return `${words}[${step}]`;
    const name = /^[\w$-]+$/.test(step) ? step : JSON.stringify(step);
    return words === '' ? name : `${words}.${name}`;
  }, '');
}

/** Each name may stand once. */
export function refuseRepeated(names: [string, Path][], findings: Findings): void {
  const seen = new Set<string>();
  for (const [name, path] of names) {
    if (seen.has(name)) findings.problem(path, `repeats ${JSON.stringify(name)}: each may stand once`);
    seen.add(name);
  }
}

/** The candidate that a misspelling most likely meant, or undefined if none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  if (word.length > 100) return undefined;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** "; did you mean …?", or nothing. */
export function suggestion(word: string, candidates: Iterable<string>): string {
  const meant = nearest(word, candidates);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}
