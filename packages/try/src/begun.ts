/** What the page must still show after the redirect. Tokens are not in it: those are never stored. */
export interface Begun {
  verifier: string;
  challenge: string;
  authorization_url: string;
  /** Run the steps after the login without waiting for a click. */
  automatic: boolean;
}

const key = 'freehold.try';

export function storeBegun(begun: Begun): void {
  sessionStorage.setItem(key, JSON.stringify(begun));
}

export function findBegun(): Begun | undefined {
  const stored = sessionStorage.getItem(key);
  return stored === null ? undefined : JSON.parse(stored);
}

export function forgetBegun(): void {
  sessionStorage.removeItem(key);
}

const logoutKey = 'freehold.try.logout';

/** Said before the browser leaves to log out. */
export function storeLogout(): void {
  sessionStorage.setItem(logoutKey, 'asked');
}

/** Whether the browser comes back from logging out; true once. */
export function takeLogout(): boolean {
  const asked = sessionStorage.getItem(logoutKey) !== null;
  sessionStorage.removeItem(logoutKey);
  return asked;
}
