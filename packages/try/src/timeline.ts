import type { Advice } from './advice.ts';
import { button, type Content, element } from './dom.ts';
import { type StepName, stepWords } from './words.ts';

export type Status = 'waiting' | 'running' | 'done' | 'failed' | 'skipped';

const statusWords: Record<Status, string> = {
  waiting: '',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  skipped: 'Not run',
};

/** One step of the flow: what it is, what happened, and what can be done next. */
export class Step {
  readonly item: HTMLLIElement;
  readonly title: string;
  readonly #status = element('span', { class: 'step-status' });
  readonly #contents = element('div', { class: 'step-contents' });
  readonly #actions = element('div', { class: 'step-actions' });

  constructor(name: StepName) {
    const { title, explanation } = stepWords[name];
    this.title = title;
    this.item = element(
      'li',
      { class: 'step', id: `step-${name}`, 'data-status': 'waiting' },
      element('div', { class: 'step-heading' }, element('h2', {}, title), this.#status),
      element('p', { class: 'step-explanation' }, explanation),
      this.#contents,
      this.#actions,
    );
  }

  get status(): string | undefined {
    return this.item.dataset.status;
  }

  show(status: Status, ...contents: Content[]): void {
    this.item.dataset.status = status;
    this.#status.textContent = statusWords[status];
    if (status !== 'running') this.#contents.replaceChildren(...contents);
  }

  fail({ heading, description, next }: Advice, ...contents: Content[]): void {
    const alert = element(
      'div',
      { class: 'failure', role: 'alert', tabindex: '-1' },
      element('h3', {}, heading),
      element('p', {}, description),
      element('p', {}, element('strong', {}, 'What to do: '), next),
    );
    this.show('failed', alert, ...contents);
    alert.focus();
  }

  /** The step's only button. */
  offer(label: string, act: () => void, className?: string): HTMLButtonElement {
    const offered = button(label, act, className);
    this.#actions.replaceChildren(offered);
    return offered;
  }

  /** What was done can be done again, but is no longer what comes next. */
  yieldToNext(): void {
    this.#actions.firstElementChild?.classList.add('secondary');
  }

  withdraw(): void {
    this.#actions.replaceChildren();
  }
}

/** All steps in their order, and a voice that tells what happened to whoever cannot see it. */
export class Timeline {
  readonly list: HTMLOListElement;
  readonly voice = element('p', { class: 'voice', role: 'status' });
  readonly #steps = new Map<StepName, Step>();

  constructor(names: readonly StepName[]) {
    for (const name of names) this.#steps.set(name, new Step(name));
    this.list = element('ol', { class: 'timeline' }, ...[...this.#steps.values()].map(({ item }) => item));
  }

  step(name: StepName): Step {
    const step = this.#steps.get(name);
    if (step === undefined) throw new Error(`the timeline has no step ${name}`);
    return step;
  }

  finish(name: StepName, ...contents: Content[]): void {
    const step = this.step(name);
    step.show('done', ...contents);
    step.yieldToNext();
    this.voice.textContent = `Done: ${step.title}`;
  }
}
