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
