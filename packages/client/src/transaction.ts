// What an application must remember between leaving for the login page and coming back. A transaction is found
// by its state and taken, not read: an answer counts once.

export interface Transaction {
  state: string;
  nonce: string;
  code_verifier: string;
  redirect_uri: string;
  max_age?: number;
}

/** Invariant: after `take(state)` the same state is unknown. */
export interface TransactionStore {
  put(transaction: Transaction): void | Promise<void>;
  take(state: string): Transaction | undefined | Promise<Transaction | undefined>;
}

/** Lives as long as the tab and survives the redirect. */
export class SessionStorageTransactions implements TransactionStore {
  put(transaction: Transaction): void {
    sessionStorage.setItem(`freehold.transaction.${transaction.state}`, JSON.stringify(transaction));
  }

  take(state: string): Transaction | undefined {
    const key = `freehold.transaction.${state}`;
    const stored = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    return stored === null ? undefined : JSON.parse(stored);
  }
}

/** Lives as long as the process. */
export class MemoryTransactions implements TransactionStore {
  readonly #transactions = new Map<string, Transaction>();

  put(transaction: Transaction): void {
    this.#transactions.set(transaction.state, transaction);
  }

  take(state: string): Transaction | undefined {
    const transaction = this.#transactions.get(state);
    this.#transactions.delete(state);
    return transaction;
  }
}
