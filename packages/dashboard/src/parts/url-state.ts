// What a list shows stands in its URL, so that it can be sent to somebody, and so that "back" leads back.
import { useSearchParams } from 'react-router';

export interface UrlState {
  /** '' if it is not there. */
  get(name: string): string;
  /** '' takes it out. Other filters than `page` lead back to the first page. */
  set(changes: Readonly<Record<string, string>>): void;
  /** From 0; people see it from 1. */
  page: number;
  setPage(page: number): void;
  /** Whether any of these is set. */
  hasAny(names: readonly string[]): boolean;
}

/** A dialog that stands in the URL, so that a link or the command palette opens it: `?create=true`. */
export interface CreateDialog {
  isOpen: boolean;
  open: () => void;
  close: () => void;
}

export function useCreateDialog(isAllowed: boolean): CreateDialog {
  const url = useUrlState();
  return {
    isOpen: isAllowed && url.get('create') !== '',
    open: () => url.set({ create: 'true' }),
    close: () => url.set({ create: '' }),
  };
}

export function useUrlState(): UrlState {
  const [search, setSearch] = useSearchParams();
  const change = (changes: Readonly<Record<string, string>>, replace: boolean) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === '') after.delete(name);
          else after.set(name, value);
        }
        return after;
      },
      { replace, preventScrollReset: replace },
    );
  return {
    get: (name) => search.get(name) ?? '',
    set: (changes) => change({ page: '', ...changes }, true),
    page: Math.max(0, (Number(search.get('page')) || 1) - 1),
    setPage: (page) => change({ page: page === 0 ? '' : String(page + 1) }, false),
    hasAny: (names) => names.some((name) => search.has(name)),
  };
}
