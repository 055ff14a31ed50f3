// The code that a person carries from a device to the browser (RFC 8628 §6.1; contract DV-3): drawn from few
// characters that are hard to confuse, shown in the tenant's mask, and read back however it was typed.

/** RFC 8628 §6.1: "a case-insensitive A-Z character set, with … no vowels", which spell no words. */
export const userCodeAlphabets = { base20: 'BCDFGHJKLMNPQRSTVWXZ', digits: '0123456789' } as const;
export type UserCodeCharset = keyof typeof userCodeAlphabets;

/** DV-3: so that guessing is hopeless within the lifetime of a code. */
export const shortestUserCode: Readonly<Record<UserCodeCharset, number>> = { base20: 8, digits: 9 };

/** How many characters are drawn for the mask, in which each `*` stands for one. */
export function userCodeLength(mask: string): number {
  return mask.split('*').length - 1;
}

/** As the device shows it. A code drawn under another mask is shown without one. */
export function maskedUserCode(characters: string, mask: string): string {
  if (userCodeLength(mask) !== characters.length) return characters;
  let next = 0;
  return mask.replaceAll('*', () => characters.charAt(next++));
}

/** RFC 8628 §6.1: "strip dashes and other punctuation that it added for readability", and case. */
export function typedUserCode(text: string): string {
  return text.toUpperCase().replace(/[^A-Z0-9]/g, '');
}
