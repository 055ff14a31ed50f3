// A port beside those of ports.ts: the codes of devices that cannot show a login page (RFC 8628).

/** RFC 8628 §3.2: what a device asked for, until somebody has decided and the device has heard of it. */
export interface DeviceCode {
  /** SHA-256 of the device code, which the device alone holds. */
  hash: string;
  /** SHA-256 of the characters that a person types. */
  user_code: string;
  aid: string;
  client_id: string;
  scope: string[];
  audience: string | null;
  /** Seconds that the device has to wait between two polls. */
  interval: number;
  polled_at: number | null;
  created_at: number;
  expires_at: number;
  denied_at: number | null;
  approved_at: number | null;
  /** Of whoever approved; null until then. */
  user_id: string | null;
  epoch: number | null;
  sid: string | null;
  /** When the device was given its tokens, or was told that the code has expired. */
  ended_at: number | null;
}

export type DeviceApproval = Pick<DeviceCode, 'scope' | 'user_id' | 'epoch' | 'sid'>;

export interface DeviceCodeStore {
  /** False, and nothing stored, if another device shows the same user code. */
  insert(code: DeviceCode): Promise<boolean>;
  /** In whatever state. */
  find(hash: string): Promise<DeviceCode | undefined>;
  /** By SHA-256 of the user code: the one that nobody has decided on and that has not expired. */
  findUndecided(user_code: string, now: number): Promise<DeviceCode | undefined>;
  /** In one statement, iff it is undecided and unexpired; true if this call did it. */
  approve(hash: string, approval: DeviceApproval, now: number): Promise<boolean>;
  deny(hash: string, now: number): Promise<boolean>;
  /**
   * Marks the code ended and returns it, in one statement, iff it is this client's, not yet ended, and approved or
   * expired. At most one caller, in any process, ever gets a given code.
   */
  end(hash: string, client_id: string, now: number): Promise<DeviceCode | undefined>;
  /** Notes the poll, in one statement, iff `interval` has passed since the last that was noted; true if it has. */
  recordPoll(hash: string, now: number): Promise<boolean>;
  /** RFC 8628 §3.5: adds to `interval`. */
  lengthenInterval(hash: string, seconds: number): Promise<void>;
}
