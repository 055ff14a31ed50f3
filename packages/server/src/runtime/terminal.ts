// Asking the person at the terminal for something that nobody shall read on it.
import type { ReadStream } from 'node:tty';

export interface Terminal {
  input: ReadStream;
  print(text: string): void;
}

const keys = { enter: ['\r', '\n'], backspace: ['\b', '\x7f'], interrupt: '\x03', end: '\x04' };

/** Undefined if they gave up (Ctrl-C, Ctrl-D). Nothing of what is typed appears. */
export async function askSecret(question: string, { input, print }: Terminal): Promise<string | undefined> {
  print(question);
  input.setRawMode(true).setEncoding('utf8').resume();
  let typed = '';
  try {
    for await (const chunk of input.iterator({ destroyOnReturn: false })) {
      for (const key of String(chunk)) {
        if (keys.enter.includes(key)) return typed;
        if (key === keys.interrupt || key === keys.end) return undefined;
        typed = keys.backspace.includes(key) ? typed.slice(0, -1) : typed + key;
      }
    }
    return undefined;
  } finally {
    input.setRawMode(false).pause();
    print('\n');
  }
}
