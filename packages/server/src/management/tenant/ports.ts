/** What happened on a day. */
export interface DailyStatistic {
  /** Its first moment, in UTC. */
  date: number;
  logins: number;
  signups: number;
  counted_at: number;
}

export interface StatisticStore {
  /** Those with anything to tell, oldest first; `from` and `to`: the first moments of the first day and of the last. */
  listDays(from: number, to: number, now: number): Promise<DailyStatistic[]>;
  /** Who has logged in since. */
  countActiveUsers(since: number): Promise<number>;
}

export interface StatisticStores {
  statistics: StatisticStore;
}
