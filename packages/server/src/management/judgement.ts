// What a body says together is judged by the very functions of configuration/ that judge a tenant file's entry.
import { Findings } from '../configuration/findings.ts';
import type { ManagementError } from './errors.ts';
import { invalidBody } from './validation.ts';

/** What `judge` returns, unless it found a problem: then throws ManagementError 400 with the first. Warnings are for files. */
export async function judged<Value>(judge: (findings: Findings) => Value | Promise<Value>): Promise<Value> {
  const findings = new Findings('the body');
  const value = await judge(findings);
  const [problem] = findings.problems;
  if (problem !== undefined) throw refusalOf(problem);
  return value;
}

function refusalOf({ path, text }: Findings['problems'][number]): ManagementError {
  return invalidBody(text, path === '' ? [] : [path]);
}
