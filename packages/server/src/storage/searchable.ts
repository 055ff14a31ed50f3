/** One spelling for what looks the same, so that a search by prefix is a range of the index. */
export function searchable(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
