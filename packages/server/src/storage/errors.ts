// What storage throws. Whoever answers a request needs DatabaseUnavailable alone; the others stop the start or show
// a mistake of ours.
import { Unavailable } from '../runtime/unavailable.ts';

/**
 * The database cannot answer now: unreachable, starting, stopping, locked for too long or full. Nothing of the
 * transaction is to be relied on; a later attempt may succeed without a restart (HTTP: 503).
 */
export class DatabaseUnavailable extends Unavailable {
  override name = 'DatabaseUnavailable';

  constructor(cause: unknown) {
    super(`The database does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, 1, {
      cause,
    });
  }
}

/** The database cannot be used as it is set up; the message says what to change. */
export class DatabaseRefused extends Error {
  override name = 'DatabaseRefused';
}

/** A string that PostgreSQL cannot hold: it has a NUL, or half of a surrogate pair. Parsers refuse these before. */
export class UnstorableValue extends Error {
  override name = 'UnstorableValue';
}

/** Storage used against its rules: a transaction inside a transaction, or a statement after its end. */
export class TransactionMisuse extends Error {
  override name = 'TransactionMisuse';
}
