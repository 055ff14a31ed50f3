// FREEHOLD_SMTP_URL and FREEHOLD_EMAIL_FROM: which server takes our mail, and whom it is from.
import { isLoopbackUrl } from './issuer.ts';

export interface SmtpSettings {
  /** `smtp://` or `smtps://`, with user name and password where the server asks for them. */
  readonly url: string;
  /** As it stands in the header: `Name <address>`, or the address alone. */
  readonly from: string;
  /** Whether a connection that is not encrypted is given up (RFC 3207). */
  readonly requiresTls: boolean;
  /** Danger: it would be required, and is not. To be logged at start. */
  readonly insecureAllowPlain: boolean;
}

export function isSmtpUrl(text: string): boolean {
  if (!/^smtps?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { hostname, pathname, search, hash, username, password } = new URL(text);
  const isServerAlone =
    hostname !== '' && (pathname === '' || pathname === '/') && search === '' && hash === '';
  return (
    isServerAlone && (username !== '' || password === '') && isDecodable(username) && isDecodable(password)
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** `ada@example.com` or `Ada <ada@example.com>`, in one line. */
export function isSender(text: string): boolean {
  const address = /^[^<>\r\n"]*<([^<>]+)>$/.exec(text)?.[1] ?? text;
  return /^[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,253}$/.test(address);
}

export function smtpSettings(url: string, from: string, insecureAllowPlainSmtp: boolean): SmtpSettings {
  const staysHere = isLoopbackUrl(url);
  return Object.freeze({
    url,
    from,
    requiresTls: !staysHere && !insecureAllowPlainSmtp,
    insecureAllowPlain: !staysHere && insecureAllowPlainSmtp,
  });
}
