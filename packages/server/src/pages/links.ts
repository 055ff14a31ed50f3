// Which URLs may become a link, an image or the target of a form. What may not is left out or refused.

/** An http(s) URL or a path on this server; otherwise undefined, and the page does without the link. */
export function linkUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  if (isOwnPath(url)) return url;
  const scheme = URL.parse(url)?.protocol;
  return scheme === 'https:' || scheme === 'http:' ? url : undefined;
}

/** An image that the Content-Security-Policy lets through: `img-src https: data:`. */
export function imageUrl(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  return URL.parse(url)?.protocol === 'https:' || /^data:image\/[\w.+-]+[;,]/i.test(url) ? url : undefined;
}

/** A path on this server, where a stylesheet lies; otherwise undefined. */
export function ownPath(url: string | undefined): string | undefined {
  return url !== undefined && isOwnPath(url) ? url : undefined;
}

/** Where one of our own forms is sent: a path on this server. */
export function ownAction(url: string): string {
  if (!isOwnPath(url)) throw new TypeError('a form of ours is sent to a path of this server only');
  return url;
}

// CB-12: schemes that run script or read what the browser holds are never a callback.
const scriptSchemes = new Set([
  'javascript:',
  'data:',
  'vbscript:',
  'blob:',
  'filesystem:',
  'file:',
  'about:',
]);

/** Where the form_post response mode sends its parameters: the client's redirect_uri, matched before. */
export function callbackAction(url: string): string {
  const scheme = URL.parse(url)?.protocol;
  if (scheme === undefined || scriptSchemes.has(scheme)) {
    throw new TypeError('redirect_uri is no address that a form can be sent to');
  }
  return url;
}

function isOwnPath(url: string): boolean {
  return url.startsWith('/') && URL.parse(url, 'http://own.invalid')?.host === 'own.invalid';
}
