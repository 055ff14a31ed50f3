// What tests have done in a page of the dashboard: it remembers what its toasts have said, counts its calls, and leaves one
// screen for another. These functions run in the page, where nothing of this module is known: each stands for itself.

/**
 * Toasts go away by themselves, after seconds: what each has said is kept, and a pointer rests on what can be undone, for
 * as long as that is not done.
 */
export function keepToasts(): void {
  // A frame has none, and may run nothing.
  if (window !== window.top) return;
  const said: string[] = [];
  Object.assign(globalThis, { said });
  const keep = (toast: Element) => {
    said.push(toast.textContent ?? '');
    const canBeUndone = [...toast.querySelectorAll('button')].some(
      ({ textContent }) => textContent === 'Undo',
    );
    if (canBeUndone) toast.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
  };
  const kind = '.mantine-Notification-root';
  new MutationObserver((changes) => {
    for (const added of changes.flatMap(({ addedNodes }) => [...addedNodes]))
      if (added instanceof Element)
        for (const toast of added.matches(kind) ? [added] : added.querySelectorAll(kind)) keep(toast);
  }).observe(document, { childList: true, subtree: true });
}

/** Whether a toast has said this; it is not told of again. */
export function takeToast(text: string | RegExp): boolean {
  const said: string[] = Reflect.get(globalThis, 'said');
  const place = said.findIndex((toast) =>
    typeof text === 'string' ? toast.includes(text) : text.test(toast),
  );
  if (place >= 0) said.splice(place, 1);
  return place >= 0;
}

/** How many calls are under way, from their beginning to the last byte of their answers. */
export function countCalls(): void {
  if (window !== window.top) return;
  let underWay = 0;
  const send = window.fetch;
  Object.assign(globalThis, { callsUnderWay: () => underWay });
  window.fetch = async (...call) => {
    underWay += 1;
    try {
      const answer = await send(...call);
      await answer.clone().arrayBuffer();
      return answer;
    } finally {
      underWay -= 1;
    }
  };
}

/** How many calls are under way when it has shown what it has, which may ask for more. */
export async function stillUnderWay(): Promise<number> {
  const whenShown = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const count: () => number = Reflect.get(globalThis, 'callsUnderWay');
  await whenShown();
  const before = count();
  await whenShown();
  return before + count();
}

/** To another screen, as by a link. What is left is marked, so that one of the same name is not taken for it. */
export function leaveFor(address: string): void {
  document.querySelector('#content h1')?.setAttribute('data-left', '');
  // The state is as the router's own, which knows by it how far one has gone.
  history.pushState({ idx: (history.state?.idx ?? 0) + 1, key: crypto.randomUUID() }, '', address);
  dispatchEvent(new PopStateEvent('popstate'));
}
