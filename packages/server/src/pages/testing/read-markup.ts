// Reads the markup that the screens write back into tags, for tests: what a browser would make of it.

export interface Tag {
  name: string;
  attributes: Record<string, string>;
}

const tag = /<(\/?[a-z][a-z0-9]*|!doctype)((?:\s+[^\s="'<>/]+(?:="[^"]*")?)*)\s*\/?>/gi;
const attribute = /([^\s="'<>/]+)(?:="([^"]*)")?/g;

/** Every tag in order. A `<` that opens no well-formed tag is an error: it came from a value. */
export function readTags(html: string): Tag[] {
  if (html.replaceAll(tag, '').includes('<')) throw new Error('a < that opens no tag');
  return [...html.matchAll(tag)].map(([, name = '', attributes = '']) => ({
    name: name.toLowerCase(),
    attributes: Object.fromEntries(
      [...attributes.matchAll(attribute)].map(([, key = '', value = '']) => [
        key.toLowerCase(),
        decoded(value),
      ]),
    ),
  }));
}

/** The tags of one name, such as every `input`, with exactly these attributes among theirs. */
export function findTags(html: string, name: string, attributes: Record<string, string> = {}): Tag[] {
  return readTags(html).filter(
    (found) =>
      found.name === name &&
      Object.entries(attributes).every(([key, value]) => found.attributes[key] === value),
  );
}

/** What a person reads: everything between the tags of the body. */
export function readText(html: string): string {
  const body = html.slice(html.indexOf('<body'));
  return decoded(body.replaceAll(tag, ' ')).replaceAll(/\s+/g, ' ').trim();
}

const entities: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

function decoded(text: string): string {
  return text.replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity);
}
