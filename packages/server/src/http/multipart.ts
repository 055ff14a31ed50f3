// multipart/form-data (RFC 7578), as far as an upload of one file beside fields needs it: each part is text, once.

const boundaryOf = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))/i;
const nameOf = /^content-disposition:\s*form-data\s*;(?:[^\r\n]*;)?\s*name="([^"\r\n]{1,100})"/im;

/** The text of each part by its name; undefined for what is none of it, or names a part twice. */
export function parseMultipart(contentType: string, body: Buffer): Record<string, string> | undefined {
  const [, quoted, bare] = boundaryOf.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) return undefined;
  // A character for each byte, so that nothing of the parts is lost in cutting.
  const [, ...pieces] = `\r\n${body.toString('latin1')}`.split(`\r\n--${boundary}`);
  if (!pieces.pop()?.startsWith('--')) return undefined;
  const parts = new Map<string, string>();
  for (const piece of pieces) {
    const begin = piece.indexOf('\r\n\r\n');
    const name = nameOf.exec(piece.slice(0, Math.max(0, begin)))?.[1];
    const text = decoded(Buffer.from(piece.slice(begin + 4), 'latin1'));
    if (begin < 0 || name === undefined || text === undefined || parts.has(name)) return undefined;
    parts.set(name, text);
  }
  return Object.fromEntries(parts);
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
