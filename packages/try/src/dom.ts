// Elements from plain values. Everything that comes from outside becomes a text node, so it can never be markup.

export type Content = Node | string;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string> = {},
  ...contents: Content[]
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) created.setAttribute(attribute, value);
  created.append(...contents);
  return created;
}

export function button(label: string, click: () => void, className = ''): HTMLButtonElement {
  const created = element('button', { type: 'button', class: className }, label);
  created.addEventListener('click', click);
  return created;
}

/** A name, its value and what it is for, a row each. */
export function definitions(rows: [name: string, value: string, explanation: string][]): HTMLElement {
  const list = element('dl', { class: 'values' });
  for (const [name, value, explanation] of rows) {
    const definition = element('dd', {}, longValue(value));
    if (explanation !== '') definition.append(element('p', { class: 'explanation' }, explanation));
    list.append(element('div', {}, element('dt', {}, element('code', {}, name)), definition));
  }
  return list;
}

/** Shown whole where it is short, else folded behind its beginning. */
export function longValue(value: string): HTMLElement {
  if (value.length <= 160) return element('code', { class: 'value' }, value);
  const beginning = `${value.slice(0, 28)}… (${value.length.toLocaleString('en')} characters)`;
  return element(
    'details',
    {},
    element('summary', {}, element('code', {}, beginning)),
    element('code', { class: 'value block' }, value),
  );
}

export function folded(summary: string, contents: Content[]): HTMLDetailsElement {
  return element('details', { class: 'fold' }, element('summary', {}, summary), ...contents);
}

export function paragraph(...contents: Content[]): HTMLParagraphElement {
  return element('p', {}, ...contents);
}

export function subheading(text: string): HTMLHeadingElement {
  return element('h3', {}, text);
}
