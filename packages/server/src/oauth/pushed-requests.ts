// What storage keeps of pushed authorization requests (RFC 9126, contract PA-4).

/** RFC 9126: what a client asked for before its browser came. Only the hash of the `request_uri` is stored. */
export interface PushedRequest {
  hash: string;
  client_id: string;
  parameters: [name: string, value: string][];
  /** PA-4: SHA-256 of the cookie of the browser that was shown a page for it; null until then. */
  browser: string | null;
  expires_at: number;
  spent_at: number | null;
}

export interface PushedRequestStore {
  insert(request: PushedRequest): Promise<void>;
  /** Iff unspent and unexpired. */
  find(hash: string, now: number): Promise<PushedRequest | undefined>;
  /** Binds it to the browser in one statement, iff it is unspent and no other browser's; true if it is this one's now. */
  bind(hash: string, browser: string): Promise<boolean>;
  /** Spends it in one statement, expired or not: at most one caller, in any process, ever gets true. */
  spend(hash: string, now: number): Promise<boolean>;
}
