// Which operation a path means. Hundreds of routes in the router of the HTTP server would cost more memory than all that
// they do: here each is an entry of a table.

interface Operation {
  method: string;
  /** Its parameters in braces. */
  path: string;
}

interface Entry<Of> {
  operation: Of;
  /** Of a parameter, its name alone. */
  segments: readonly { text: string; isParameter: boolean }[];
}

export interface Match<Of> {
  /** By method: several may stand at one path. */
  operations: ReadonlyMap<string, { operation: Of; params: Readonly<Record<string, string>> }>;
}

export function matcherOf<Of extends Operation>(
  operations: readonly Of[],
): (path: string) => Match<Of> | undefined {
  const byLength = Map.groupBy(operations.map(entryOf), ({ segments }) => segments.length);
  // `/organizations/name/{name}` goes before `/organizations/{id}/{…}`.
  for (const entries of byLength.values())
    entries.sort((one, other) => parametersIn(one) - parametersIn(other));

  return (path) => {
    const segments = decoded(path);
    const found = new Map<string, { operation: Of; params: Record<string, string> }>();
    for (const { operation, segments: expected } of byLength.get(segments?.length ?? 0) ?? []) {
      const params = segments && paramsIn(segments, expected);
      if (params !== undefined && !found.has(operation.method))
        found.set(operation.method, { operation, params });
    }
    return found.size === 0 ? undefined : { operations: found };
  };
}

function entryOf<Of extends Operation>(operation: Of): Entry<Of> {
  const segments = operation.path
    .slice(1)
    .split('/')
    .map((text) =>
      text.startsWith('{') ? { text: text.slice(1, -1), isParameter: true } : { text, isParameter: false },
    );
  return { operation, segments };
}

function parametersIn({ segments }: Entry<Operation>): number {
  return segments.filter(({ isParameter }) => isParameter).length;
}

/** Undefined where it is not percent-encoded UTF-8. */
function decoded(path: string): string[] | undefined {
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function paramsIn(
  segments: readonly string[],
  expected: Entry<Operation>['segments'],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, { text, isParameter }] of expected.entries()) {
    const segment = segments[index] ?? '';
    if (isParameter && segment !== '') params[text] = segment;
    else if (segment !== text) return undefined;
  }
  return params;
}
