// The URLs of a client, each judged by what it is for (model/registered-url.ts).
import {
  callbackProblem,
  hasPlaceholder,
  logoutUrlProblem,
  originProblem,
  webUrlProblem,
} from '../../model/registered-url.ts';
import type { Findings, Path } from '../findings.ts';
import type { ClientSettings } from './clients.ts';

export function judgeUrls(settings: ClientSettings, path: Path, findings: Findings): void {
  const rules = { exact_only: !settings.is_first_party };
  judgeList(settings.callbacks, (url) => callbackProblem(url, rules), [...path, 'callbacks'], findings);
  judgeList(
    settings.allowed_logout_urls,
    (url) => logoutUrlProblem(url, rules),
    [...path, 'allowed_logout_urls'],
    findings,
  );
  judgeList(settings.web_origins, originProblem, [...path, 'web_origins'], findings);
  judgeList(settings.allowed_origins, originProblem, [...path, 'allowed_origins'], findings);
  const { backchannel_logout_urls = [] } = settings.oidc_logout ?? {};
  judgeList(
    backchannel_logout_urls,
    webUrlProblem,
    [...path, 'oidc_logout', 'backchannel_logout_urls'],
    findings,
  );
  for (const key of ['initiate_login_uri', 'logo_uri'] as const) {
    const url = settings[key];
    const problem = url === null ? undefined : webUrlProblem(url);
    if (problem !== undefined) findings.problem([...path, key], problem);
  }
}

export function judgeList(
  urls: string[],
  problemOf: (url: string) => string | undefined,
  path: Path,
  findings: Findings,
): void {
  urls.forEach((url, index) => {
    const problem = problemOf(url);
    if (problem !== undefined) findings.problem([...path, index], problem);
    else if (hasPlaceholder(url)) {
      findings.warn(
        [...path, index],
        'holds a {placeholder}, which is not supported yet: nothing matches it',
      );
    }
  });
}
