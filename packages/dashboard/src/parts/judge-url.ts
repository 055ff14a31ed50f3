// What can be said of an address while it is typed. The server judges by its own rules when it is saved.

export type UrlKind = 'callback' | 'logout' | 'origin';

interface Judgement {
  error?: string;
  /** It will be taken, and deserves a second thought. */
  warning?: string;
}

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

export function judgeUrl(text: string, kind: UrlKind): Judgement {
  if (text === '') return {};
  const isOrigin = kind === 'origin';
  const url = URL.parse(text.replace('://*.', '://wildcard.').replace('{organization_name}', 'organization'));
  if (url === null) {
    return {
      error: isOrigin
        ? 'Not an origin: write https://app.example.com'
        : 'Not a URL: write https://app.example.com/callback',
    };
  }
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  if (isOrigin && !isWeb) return { error: 'An origin begins with https:// or http://' };
  if (isOrigin && (url.pathname !== '/' || url.search !== '' || text.endsWith('/'))) {
    return { error: `An origin has no path: write ${url.origin.replace('wildcard.', '*.')}` };
  }
  if (url.hash !== '' || text.includes('#')) return { error: 'A fragment (#…) is not allowed here' };
  if (text.includes('*') && !/^https?:\/\/\*\.[^*]+$/.test(text)) {
    return { error: 'A * may only stand for the first part of the name: https://*.example.com' };
  }
  return warningOf(text, url, isWeb);
}

function warningOf(text: string, url: URL, isWeb: boolean): Judgement {
  if (text.includes('*'))
    return { warning: 'Every subdomain may receive this: whoever controls one receives logins too.' };
  if (url.protocol === 'http:' && !loopback.has(url.hostname)) {
    return { warning: 'Without https somebody on the way can read what arrives here.' };
  }
  if (!isWeb && !url.protocol.includes('.')) {
    return {
      warning: 'Any app on the device can claim this scheme. A reversed domain (com.example.app:) is safer.',
    };
  }
  return {};
}
