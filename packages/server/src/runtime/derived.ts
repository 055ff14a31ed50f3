/** What follows from a value that may be replaced by another object: made anew whenever it was. */
export function derivedFrom<Source, Derived>(
  source: () => Source,
  derive: (source: Source) => Derived,
): () => Derived {
  let last: { source: Source; derived: Derived } | undefined;
  return () => {
    const current = source();
    if (last === undefined || last.source !== current) last = { source: current, derived: derive(current) };
    return last.derived;
  };
}
