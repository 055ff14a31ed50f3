// What of an entry is said at all.

/** Without what is `null`, however deep, and without objects of nothing else; one that was empty before says that it is. */
export function said(entry: object): Record<string, unknown> {
  const members = Object.entries(entry).flatMap(([name, member]): [string, unknown][] => {
    if (member === null || member === undefined) return [];
    if (typeof member !== 'object' || Array.isArray(member)) return [[name, member]];
    const inner = said(member);
    return isEmpty(inner) && !isEmpty(member) ? [] : [[name, inner]];
  });
  return Object.fromEntries(members);
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
