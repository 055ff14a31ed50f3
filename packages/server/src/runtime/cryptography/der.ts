// DER (X.690), as much of it as certificates need: each function makes one element, whole. What the elements mean is
// for certificate.ts to know.

export const derTrue = element(0x01, Buffer.from([0xff]));
export const derNull = element(0x05);

export function sequence(...elements: Buffer[]): Buffer {
  return element(0x30, ...elements);
}

export function set(...elements: Buffer[]): Buffer {
  return element(0x31, ...elements);
}

/** An object identifier by its dotted numbers, each in groups of seven bits, the last marked by its first bit (§8.19). */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const groups = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return element(0x06, Buffer.from(bytes));
}

/** A positive integer, in as few bytes as hold it: the first bit is the sign (§8.3). RangeError for anything else. */
export function integer(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  if (start < 0) throw new RangeError('An integer here is positive');
  const sign = Buffer.alloc((bytes[start] ?? 0) < 0x80 ? 0 : 1);
  return element(0x02, sign, bytes.subarray(start));
}

/** Whole bytes, none of their bits unused. */
export function bitString(content: Buffer): Buffer {
  return element(0x03, Buffer.from([0]), content);
}

/** Named bits, bit 0 the first of the first byte: "all trailing 0 bits" are left out (§11.2.2). At most eight. */
export function namedBits(...bits: number[]): Buffer {
  const byte = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  return element(0x03, Buffer.from([7 - Math.max(...bits), byte]));
}

export function octetString(...content: Buffer[]): Buffer {
  return element(0x04, ...content);
}

export function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

/** "dates through the year 2049 as UTCTime; […] dates in 2050 or later MUST be encoded as GeneralizedTime": RFC 5280 §4.1.2.5. */
export function time(epochSeconds: number): Buffer {
  const digits = `${new Date(epochSeconds * 1000).toISOString().replace(/\D/g, '').slice(0, 14)}Z`;
  return digits < '2050' ? element(0x17, Buffer.from(digits.slice(2))) : element(0x18, Buffer.from(digits));
}

/** `[number]` around elements that keep their own tags. */
export function explicit(number: number, ...elements: Buffer[]): Buffer {
  return element(0xa0 + number, ...elements);
}

/** `[number]` in the place of the content's own tag; `explicit` is for what has elements inside. */
export function implicit(number: number, content: Buffer): Buffer {
  return element(0x80 + number, content);
}

/** Tag, length and content: the definite form, short below 128 bytes (§8.1.3). */
function element(tag: number, ...contents: Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
}
