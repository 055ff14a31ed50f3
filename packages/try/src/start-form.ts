import { element } from './dom.ts';

export interface StartOptions {
  scope: string;
  prompt: string;
  signUp: boolean;
  automatic: boolean;
}

/** What to ask for; nothing needs to be changed. */
export function startForm(start: (options: StartOptions) => void): HTMLFormElement {
  const offline = checkbox('offline', true);
  const signUp = checkbox('sign-up', false);
  const automatic = checkbox('automatic', true);
  const prompt = element(
    'select',
    { id: 'prompt' },
    ...prompts.map(([value, label]) => element('option', { value }, label)),
  );
  const form = element(
    'form',
    { class: 'start' },
    option(offline, 'Ask for a refresh token', 'scope offline_access'),
    option(signUp, 'Begin with sign-up', 'screen_hint=signup'),
    option(automatic, 'Run the steps after the login by themselves', ''),
    element('div', { class: 'start-prompt' }, element('label', { for: 'prompt' }, 'prompt'), prompt),
    element('button', { type: 'submit' }, 'Start'),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    start({
      scope: `openid profile email${offline.checked ? ' offline_access' : ''}`,
      prompt: prompt.value,
      signUp: signUp.checked,
      automatic: automatic.checked,
    });
  });
  return form;
}

const prompts = [
  ['', 'not sent: the server decides'],
  ['login', 'login: ask for the password again'],
  ['consent', 'consent: ask for permission again'],
  ['select_account', 'select_account: choose the account'],
  ['none', 'none: show no page at all'],
] as const;

function checkbox(id: string, checked: boolean): HTMLInputElement {
  const input = element('input', { type: 'checkbox', id });
  input.checked = checked;
  return input;
}

function option(input: HTMLInputElement, label: string, parameter: string): HTMLElement {
  const text = element('label', { for: input.id }, label);
  if (parameter !== '') text.append(' ', element('code', {}, parameter));
  return element('div', { class: 'start-option' }, input, text);
}
