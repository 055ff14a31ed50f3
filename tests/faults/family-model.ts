// A refresh token family as the contract describes it (RR-3 to RR-8), token by token: small enough to be believed, and
// made otherwise than the server is. It accepts an answer or does not, and says which families are possible then.

/** RR-8; `late`: retry_safe. Seconds. */
export interface Rules {
  window: number;
  late: boolean;
}

interface Token {
  spentAt?: number;
  successor?: string;
  superseded?: true;
}

export interface Family {
  revoked: boolean;
  tokens: ReadonlyMap<string, Token>;
}

/** Presented tokens, and the successors that were answered; undefined: refused. */
export interface Exchange {
  presented: string;
  answered: string | undefined;
}

export function newFamily(first: string): Family {
  return { revoked: false, tokens: new Map([[first, {}]]) };
}

export function liveTokens({ revoked, tokens }: Family): string[] {
  if (revoked) return [];
  return [...tokens]
    .filter(([, { spentAt, superseded }]) => spentAt === undefined && !superseded)
    .map(([name]) => name);
}

/** Whether the token was exchanged before. */
export function isSpent({ tokens }: Family, token: string): boolean {
  return tokens.get(token)?.spentAt !== undefined;
}

/** The family after the exchange; undefined if the answer was wrong. */
export function accept(family: Family, exchange: Exchange, now: number, rules: Rules): Family | undefined {
  const { presented, answered } = exchange;
  const token = family.tokens.get(presented);
  if (family.revoked || token === undefined) return answered === undefined ? family : undefined;
  const isNew = answered !== undefined && !family.tokens.has(answered);
  if (token.spentAt === undefined && !token.superseded) {
    return isNew ? spend(family, presented, answered, now) : undefined;
  }
  const successor = token.successor ?? '';
  const isRetry = !token.superseded && family.tokens.get(successor)?.spentAt === undefined;
  const inWindow = rules.window > 0 && now <= (token.spentAt ?? -Infinity) + rules.window;
  if (isRetry && inWindow) return answered === successor ? family : undefined;
  if (isRetry && rules.late) {
    if (!isNew) return undefined;
    const tokens = new Map(family.tokens).set(successor, {
      ...family.tokens.get(successor),
      superseded: true,
    });
    return spend({ ...family, tokens }, presented, answered, now);
  }
  return answered === undefined ? { ...family, revoked: true } : undefined;
}

function spend(family: Family, presented: string, successor: string, now: number): Family {
  const tokens = new Map(family.tokens).set(presented, { spentAt: now, successor }).set(successor, {});
  return { ...family, tokens };
}

/** Every family that is possible after exchanges that happened at once, in whatever order. */
export function acceptAtOnce(families: Family[], exchanges: Exchange[], now: number, rules: Rules): Family[] {
  if (exchanges.length === 0) return families;
  const possible = exchanges.flatMap((exchange, index) => {
    const next = families.flatMap((family) => accept(family, exchange, now, rules) ?? []);
    return next.length === 0 ? [] : acceptAtOnce(next, exchanges.toSpliced(index, 1), now, rules);
  });
  return [...new Map(possible.map((family) => [described(family), family])).values()];
}

function described({ revoked, tokens }: Family): string {
  return JSON.stringify([revoked, [...tokens]]);
}
