/** Something is full or away for the moment: the same request may succeed after `retryAfter` seconds. */
export class Unavailable extends Error {
  override name = 'Unavailable';
  readonly retryAfter: number;

  constructor(message: string, retryAfter: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfter = retryAfter;
  }
}
