/** Something is full or away for the moment: the same request may succeed after `retry_after` seconds. */
export class Unavailable extends Error {
  override name = 'Unavailable';
  readonly retry_after: number;

  constructor(message: string, retry_after: number, options?: ErrorOptions) {
    super(message, options);
    this.retry_after = retry_after;
  }
}
