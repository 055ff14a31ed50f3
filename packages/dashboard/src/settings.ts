// What the server tells its dashboard, in the page itself: nothing has to be fetched before the login.

export interface Settings {
  /** With trailing slash. */
  issuer: string;
  client_id: string;
  /** Of the client that logins are tried with. */
  try_client_id: string;
  friendly_name: string;
  /** Absent where /try is not served. */
  try_url?: string;
}

function read(): Settings {
  const content = document.querySelector<HTMLMetaElement>('meta[name="freehold"]')?.content;
  if (!content) throw new Error('The page says nothing of its server');
  return JSON.parse(content) as Settings;
}

export const settings = read();

/** The resource server of the Management API. */
export const audience = `${settings.issuer}api/v2/`;

/** Under which the routes of the dashboard live. */
export const basename = '/dashboard';

/** `dialog.example.com`, as SDKs want the domain. */
export const domain = new URL(settings.issuer).host;

/** Of this page's styles, as the Content-Security-Policy names it. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
