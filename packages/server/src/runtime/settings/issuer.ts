// The issuer: the one URL that the whole tenant is known by. Parsed here, because settings are refused by it.

/**
 * The issuer in its only spelling (lower-case host, no default port, trailing slash), or undefined unless the text is
 * an http or https origin. "a URL that uses the 'https' scheme and has no query or fragment components": RFC 8414 §2.
 */
export function parseIssuer(text: string): string | undefined {
  if (!/^https?:\/\/[^\s/?#@\\]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).href;
}

/** Whether a URL is reached only from the machine itself: RFC 8252 §7.3's addresses, RFC 6761 §6.3's names. */
export function isLoopbackUrl(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
