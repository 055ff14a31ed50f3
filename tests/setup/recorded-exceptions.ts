// Where this server answers otherwise than Auth0 was recorded to, and why.

export interface RecordedException {
  /** `POST /clients`; anywhere, if it is left out. */
  operation?: string;
  /** Of the difference, as recordings.ts words it. */
  difference: RegExp;
  why: string;
}

export const recordedExceptions: RecordedException[] = [];
