// Text that no database stores as it is: NUL, and strings that are not well-formed Unicode.
import type { Findings, Path } from './findings.ts';

/** Looks at every key and value, however deep, without recursion. */
export function findUnstorableText(value: unknown, findings: Findings): void {
  const seen = new Set<object>();
  const waiting: { value: unknown; path: Path }[] = [{ value, path: [] }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') judge(value, path, findings);
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [key, member] of Object.entries(value)) {
      judge(key, path, findings);
      waiting.push({ value: member, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
}

function judge(text: string, path: Path, findings: Findings): void {
  if (text.includes('\0')) findings.problem(path, 'must not contain the character NUL');
  if (!text.isWellFormed())
    findings.problem(path, 'must be well-formed Unicode: it has half of a surrogate pair');
}
