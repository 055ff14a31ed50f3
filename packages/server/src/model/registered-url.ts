// Which callback, logout and origin URLs may be registered: contract rows CB-4 to CB-12 and RM-8. Each function
// returns what is wrong and how to mend it, in words, or undefined. Matching a request against them is not done here.

/** CB-12: schemes that run a script or read local content in the browser's name. */
const forbiddenSchemes = new Set([
  'javascript',
  'data',
  'vbscript',
  'blob',
  'file',
  'filesystem',
  'about',
  'view-source',
]);

const organizationPlaceholder = '{organization_name}';
const domainPlaceholder = /\{custom_domain\.metadata\.(?:public_|PUBLIC_)[A-Za-z0-9_]+\}/g;

/** Stands for a wildcard or placeholder while the rest of the URL is looked at. */
const anyLabel = 'x';

interface UrlParts {
  scheme: string;
  /** Undefined where nothing follows the scheme but a path. */
  authority: string | undefined;
  rest: string;
}

export interface RegisteredUrlRules {
  /** CB-8: a third-party client registers exact URLs only. */
  exact_only?: boolean;
}

/** A callback: RFC 6749 §3.1.2. */
export function callbackProblem(url: string, rules: RegisteredUrlRules = {}): string | undefined {
  return characterProblem(url) ?? fragmentProblem(url) ?? addressProblem(url, rules);
}

/** An allowed logout URL (LO-2, LO-8): the same rules as for a callback. */
export function logoutUrlProblem(url: string, rules: RegisteredUrlRules = {}): string | undefined {
  return callbackProblem(url, rules);
}

/** RM-8: an origin is a scheme, a host and a port, as browsers write it. */
export function originProblem(origin: string): string | undefined {
  const problem = callbackProblem(origin);
  if (problem !== undefined) return problem;
  const { scheme, authority, rest } = split(origin);
  if (!authority) return 'must be an origin, such as https://app.example.com';
  if (rest !== '') return `must be an origin without a path: write ${scheme}://${authority}`;
  if (!isHttp(scheme)) return undefined;
  const asBrowsersWriteIt = new URL(withoutVariables(origin)).origin;
  return asBrowsersWriteIt === withoutVariables(origin)
    ? undefined
    : `must be written as browsers send it: ${asBrowsersWriteIt}`;
}

/** Whether the URL holds one of Auth0's placeholders (CB-5, CB-6): accepted, but matched by nothing yet. */
export function hasPlaceholder(url: string): boolean {
  return url.includes('{');
}

/** An https URL, or http on a loopback host: where the server itself sends browsers. */
export function webUrlProblem(url: string): string | undefined {
  const problem = callbackProblem(url, { exact_only: true });
  if (problem !== undefined) return problem;
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))) return undefined;
  return 'must be an https:// URL (http:// only on a loopback host)';
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function characterProblem(url: string): string | undefined {
  // RFC 3986 §2: a URI is a sequence of characters from a very limited set, all of them visible ASCII.
  if (!/^[\x21-\x7e]+$/.test(url)) return 'must be visible ASCII: write other characters percent-encoded';
  if (/[\\"<>^`|]/.test(url)) return 'must not contain \\ " < > ^ ` or |: write them percent-encoded';
  if (/%(?![0-9A-Fa-f]{2})/.test(url))
    return 'has a % that no two hexadecimal digits follow: write it as %25';
  return undefined;
}

function fragmentProblem(url: string): string | undefined {
  // "The endpoint URI MUST NOT include a fragment component." // RFC 6749 §3.1.2
  return url.includes('#') ? 'must not have a fragment: leave out everything from # on' : undefined;
}

function addressProblem(url: string, rules: RegisteredUrlRules): string | undefined {
  const { scheme, authority, rest } = split(url);
  if (forbiddenSchemes.has(scheme)) return `must not use the scheme ${scheme}:`;
  // A host and port without scheme ("localhost:3000/callback") reads as a scheme without a slash.
  if (scheme === '' || (authority === undefined && !rest.startsWith('/'))) {
    return 'must be a whole URL with its scheme, such as https://app.example.com/callback';
  }
  if (authority?.includes('@')) return 'must not have a user name or password before the host';
  const problem = variableProblem(url, rules);
  if (problem !== undefined) return problem;
  if (isHttp(scheme)) return hostProblem(url, authority);
  return URL.canParse(url) ? undefined : 'has a host or a port that is not valid';
}

function split(url: string): UrlParts {
  const [, scheme = '', , authority, rest = ''] =
    /^([A-Za-z][A-Za-z0-9+.-]*):(\/\/([^/?]*))?(.*)$/.exec(url) ?? [];
  return { scheme: scheme.toLowerCase(), authority, rest };
}

function isHttp(scheme: string): boolean {
  return scheme === 'https' || scheme === 'http';
}

function hostProblem(url: string, authority: string | undefined): string | undefined {
  const host = authority?.replace(/:\d*$/, '') ?? '';
  const plain = withoutVariables(host).toLowerCase();
  if (plain === '') return 'must have a host after its scheme, such as https://app.example.com';
  if (!URL.canParse(withoutVariables(url))) return 'has a host or a port that is not valid';
  const { hostname } = new URL(withoutVariables(url));
  if (!isPlainHost(hostname)) return 'has a host or a port that is not valid';
  return hostname === plain ? undefined : `must name its host in the usual form: ${hostname}`;
}

/**
 * RFC 3986 §3.2.2 lets a host hold more than any name in the DNS does: a semicolon or a comma in one would begin another
 * directive, or another policy, in a Content-Security-Policy.
 */
export function isPlainHost(hostname: string): boolean {
  return /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/i.test(hostname);
}

/** CB-4 to CB-6 and CB-8. */
function variableProblem(url: string, rules: RegisteredUrlRules): string | undefined {
  if (!/[*{}]/.test(url)) return undefined;
  if (rules.exact_only) return 'must be exact: no * and no {placeholder}';
  const { scheme, authority = '', rest } = split(url);
  if (!isHttp(scheme)) return 'may have * or a {placeholder} in an http or https URL only';
  if (/[*{}]/.test(rest)) return 'may have * or a {placeholder} in its host only: not in the path or query';
  const host = authority.replace(/:\d*$/, '');
  const unknown = host.replace(domainPlaceholder, '').replace(organizationPlaceholder, '');
  if (/[{}]/.test(unknown)) {
    return `may hold ${organizationPlaceholder} once, or {custom_domain.metadata.public_…}, and no other placeholder`;
  }
  if (host.includes('*')) return wildcardProblem(host);
  if (!host.includes(organizationPlaceholder)) return undefined;
  return host.startsWith(`${organizationPlaceholder}.`)
    ? undefined
    : `must have ${organizationPlaceholder} as its whole left-most label: https://${organizationPlaceholder}.example.com`;
}

function wildcardProblem(host: string): string | undefined {
  const [first = '', ...others] = host.split('.');
  if (host.includes('{')) return 'must not have * and a {placeholder} together';
  if (!first.includes('*') || others.some((label) => label.includes('*'))) {
    return 'may have * in the left-most label of its host only';
  }
  if (first.indexOf('*') !== first.lastIndexOf('*')) return 'may have one * only';
  if (others.filter((label) => label !== '').length < 2 || /^\d+$/.test(others.at(-1) ?? '')) {
    return 'must have a domain of at least two labels after *, such as https://*.example.com';
  }
  return undefined;
}

function withoutVariables(url: string): string {
  return url
    .replace(domainPlaceholder, anyLabel)
    .replace(organizationPlaceholder, anyLabel)
    .replaceAll('*', anyLabel);
}
