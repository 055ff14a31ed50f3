// From what somebody types to the API's search.

/** What somebody typed: a search of the API's own grammar if it looks like one, else the beginning of a name or address. */
export function searchFor(typed: string): string | undefined {
  if (typed === '') return undefined;
  if (isQuery(typed)) return `(${typed})`;
  const start = escaped(typed);
  return `(${['email', 'name', 'username', 'user_id', 'phone_number'].map((field) => `${field}:${start}*`).join(' OR ')})`;
}

/** As `searchFor`, of whatever begins with it. */
export function wordsFor(typed: string): string | undefined {
  if (typed === '') return undefined;
  return `(${isQuery(typed) ? typed : escaped(typed)})`;
}

function isQuery(typed: string): boolean {
  return /[\w.]+:\S/.test(typed) || /\b(?:AND|OR|NOT)\b/.test(typed);
}

/** Each character that the grammar means something by is meant literally. */
function escaped(text: string): string {
  return text.replace(/[+\-&|!(){}[\]^"~*?:\\/\s]/g, '\\$&');
}
