// The exchange of a refresh token that may be exchanged (contract RR-3 to RR-5, RR-9, RR-12). A client whose answer was
// lost presents the same token again: it gets the same successor for a while and another one later, never a second
// one beside the first.
import { orderedHash, orderedToken } from '../../runtime/cryptography/ordered-token.ts';
import type { GrantRequest } from './grants/grant.ts';
import type { PresentedRefreshToken, RefreshTokenFamily, RefreshTokenStore } from './ports.ts';
import {
  isRotating,
  mostSpentTokens,
  nextLifetime,
  nothingSpent,
  type RetryRules,
  type Standing,
  tokenRow,
} from './refresh-token-family.ts';
import { openSuccessor, sealSuccessor } from './successor-box.ts';

export interface Rotation {
  /** In clear; undefined where the presented token stays good. */
  refresh_token: string | undefined;
  details?: Record<string, unknown>;
}

export interface Exchangeable extends Pick<PresentedRefreshToken, 'family'> {
  standing: Exclude<Standing, 'dead' | 'reuse'>;
  rules: RetryRules;
  /** The token in clear. */
  presented: string;
}

export async function rotate(
  exchangeable: Exchangeable,
  request: GrantRequest,
  refreshTokens: RefreshTokenStore,
): Promise<Rotation> {
  const { family, standing, presented } = exchangeable;
  const successor = standing === 'replay' ? unboxed(family, presented) : undefined;
  if (successor !== undefined) return { refresh_token: successor, details: { replayed: true } };
  if (standing === 'current' && !family.rotating) {
    if (!isRotating(request.client)) return keep(family, request, refreshTokens);
    await refreshTokens.revokeNonRotatingSiblings(family, request.now);
  }
  const refresh_token = await succeed(exchangeable, request, refreshTokens);
  return standing === 'current' ? { refresh_token } : { refresh_token, details: { superseded: true } };
}

/** RR-4. A box that was erased since, because the window was shorter then, leaves it to RR-5. */
function unboxed(family: RefreshTokenFamily, presented: string): string | undefined {
  const successor = family.box === null ? undefined : openSuccessor(family.box, presented, family);
  return successor !== undefined && orderedHash(successor) === family.current_token ? successor : undefined;
}

/** RT-2: the token of a client that does not rotate stays good. RR-12: its first use is what spends its predecessor. */
async function keep(
  family: RefreshTokenFamily,
  { client, now }: GrantRequest,
  refreshTokens: RefreshTokenStore,
): Promise<Rotation> {
  const { absolute_at, idle_at } = nextLifetime(family, client.refresh_token, now);
  const isUnchanged =
    absolute_at === family.absolute_at && idle_at === family.idle_at && family.spent_token === null;
  if (!isUnchanged) {
    await update({ ...family, absolute_at, idle_at, ...nothingSpent }, family, refreshTokens);
  }
  return { refresh_token: undefined };
}

async function succeed(
  { family, presented, rules }: Exchangeable,
  { client, clock, now, random }: GrantRequest,
  refreshTokens: RefreshTokenStore,
): Promise<string> {
  const refresh_token = orderedToken({ clock, random });
  const successor = tokenRow(refresh_token, family.aid, family.counter + 1, now);
  const place = { aid: family.aid, spent_token: orderedHash(presented), counter: successor.n };
  const isBoxed = rules.window > 0;
  const next: RefreshTokenFamily = {
    ...family,
    ...nextLifetime(family, client.refresh_token, now),
    ...place,
    current_token: successor.hash,
    rotating: isRotating(client),
    spent_at: now,
    box: isBoxed ? sealSuccessor(refresh_token, presented, place, random) : null,
    box_ends_at: isBoxed ? now + rules.window : null,
  };
  await update(next, family, refreshTokens);
  await refreshTokens.insert(successor);
  if (successor.n > mostSpentTokens && successor.n % 100 === 0) {
    await refreshTokens.deleteBefore(family.aid, successor.n - mostSpentTokens);
  }
  return refresh_token;
}

async function update(
  next: RefreshTokenFamily,
  { current_token }: RefreshTokenFamily,
  refreshTokens: RefreshTokenStore,
): Promise<void> {
  if (await refreshTokens.updateFamily(next, current_token)) return;
  throw new Error('A refresh token was spent while its family was locked');
}
