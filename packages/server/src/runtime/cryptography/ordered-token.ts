// Values that sort by when they were drawn. Rows that are made together then lie side by side, so that a commit writes
// few pages of the database instead of one for each row and each index. What makes a value hard to guess is as long as
// elsewhere; when it was drawn, whoever holds it knows anyway.
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { sha256 } from './hash.ts';

interface Drawing {
  clock: Pick<Clock, 'milliseconds'>;
  random: Random;
}

/** Milliseconds since the epoch in base 36: nine digits until the year 5188. */
const momentLength = 9;
/** By its length no other token is taken for one of these: 256 bits alone are 43 characters. */
const orderedTokens = /^([0-9a-z]{9})[\w-]{43}$/;

function moment({ clock }: Drawing): string {
  return clock.milliseconds().toString(36).padStart(momentLength, '0');
}

/** An identifier, no secret, of 29 characters, as Auth0 allows 30: the moment, and 120 random bits in base64url. */
export function orderedId(drawing: Drawing): string {
  return `${moment(drawing)}${drawing.random.token(15)}`;
}

/** A secret of 52 characters: the moment, and 256 random bits in base64url. */
export function orderedToken(drawing: Drawing): string {
  return `${moment(drawing)}${drawing.random.token()}`;
}

/** What a token is stored and looked up by: its moment, if it has one, and BASE64URL(SHA256(token)). */
export function orderedHash(token: string): string {
  return `${orderedTokens.exec(token)?.[1] ?? ''}${sha256(token)}`;
}
