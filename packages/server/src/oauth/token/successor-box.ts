// What keeps the successor of a spent refresh token for the client that did not hear of it (contract RR-13): a box that
// the spent token alone opens. The server keeps neither of the two in clear, so a stolen database opens no box.
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Random } from '../../runtime/random.ts';
import type { RefreshTokenFamily } from './ports.ts';

const cipher = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const info = 'refresh-successor-v1';

/** Where a box stands: it opens nowhere else. `counter` is the place of the token inside. */
export type BoxPlace = Pick<RefreshTokenFamily, 'aid' | 'spent_token' | 'counter'>;

/** `presented`: the spent token in clear. */
export function sealSuccessor(successor: string, presented: string, place: BoxPlace, random: Random): string {
  const nonce = random.bytes(nonceBytes);
  const sealing = createCipheriv(cipher, keyOf(presented, place), nonce).setAAD(placeText(place));
  return Buffer.concat([
    nonce,
    sealing.update(successor, 'utf8'),
    sealing.final(),
    sealing.getAuthTag(),
  ]).toString('base64url');
}

/** Undefined for a box that this token did not seal, or that was changed or moved. */
export function openSuccessor(box: string, presented: string, place: BoxPlace): string | undefined {
  const bytes = Buffer.from(box, 'base64url');
  if (bytes.length < nonceBytes + tagBytes) return undefined;
  const opening = createDecipheriv(cipher, keyOf(presented, place), bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
    .setAAD(placeText(place))
    .setAuthTag(bytes.subarray(-tagBytes));
  try {
    const successor = opening.update(bytes.subarray(nonceBytes, -tagBytes));
    return Buffer.concat([successor, opening.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function keyOf(presented: string, { aid }: BoxPlace): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', presented, aid, info, keyBytes)));
}

function placeText({ spent_token, counter }: BoxPlace): Buffer {
  return Buffer.from(`${spent_token}.${counter}`);
}
