import { expect, test, vi } from 'vitest';
import { createPasswordQueue, PasswordQueueFull, type PasswordQueueLimits } from './password-queue.ts';

const limits = { concurrency: 2, queueLimit: 3, perAddressLimit: 4 };

/** Tasks that end when told to, and what was begun in which order. */
function controlledTasks(differing: PasswordQueueLimits = limits) {
  const queue = createPasswordQueue(differing);
  const begun: string[] = [];
  const ends = new Map<string, (outcome: Error | undefined) => void>();
  function run(name: string, address: string): Promise<string> {
    return queue.run(address, () => {
      begun.push(name);
      return new Promise((resolve, reject) => {
        ends.set(name, (error) => (error ? reject(error) : resolve(name)));
      });
    });
  }
  return { run, begun, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}

/** However long that takes. */
function hasBegun(begun: readonly string[], name: string): Promise<void> {
  return vi.waitFor(() => expect(begun.at(-1)).toBe(name), { timeout: 60_000, interval: 1 });
}

test('PW-20: as many as allowed run at a time, the others in the order in which they came', async () => {
  const { run, begun, end } = controlledTasks();
  const all = ['a', 'b', 'c', 'd'].map((name) => run(name, name));
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  expect(await all[1]).toBe('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  end('a');
  await all[0];
  end('c');
  end('d');
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
});

test('PW-20: beyond the limit in all, the next is turned away with a time to come back, and nothing is begun', async () => {
  const { run, begun, end } = controlledTasks();
  const all = ['a', 'b', 'c', 'd', 'e'].map((name) => run(name, name));
  const refusal = await run('f', 'f').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(PasswordQueueFull);
  expect(refusal).toHaveProperty('retryAfter', 1);
  expect(begun).toEqual(['a', 'b']);
  end('a');
  await all[0];
  const late = run('g', 'g');
  for (const name of ['b', 'c', 'd', 'e', 'g']) {
    end(name);
    await (name === 'g' ? late : all['abcde'.indexOf(name)]);
  }
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e', 'g']);
});

test('PW-20: one address is turned away at its own limit, while others still come in', async () => {
  const { run, begun, end } = controlledTasks();
  const all = ['a', 'b', 'c', 'd'].map((name) => run(name, 'same'));
  await expect(run('e', 'same')).rejects.toBeInstanceOf(PasswordQueueFull);
  const other = run('f', 'other');
  for (const name of ['a', 'b', 'c', 'd']) {
    end(name);
    await all['abcd'.indexOf(name)];
  }
  end('f');
  await other;
  expect(begun).toEqual(['a', 'b', 'c', 'f', 'd']);
  const again = run('g', 'same');
  await Promise.resolve();
  end('g');
  expect(await again).toBe('g');
});

test('PW-20: addresses are served in turn, each in the order in which its own came', async () => {
  const { run, begun, end } = controlledTasks({ concurrency: 1, queueLimit: 10, perAddressLimit: 5 });
  const places = { a: 'crowd', b: 'crowd', c: 'crowd', d: 'crowd', e: 'one', f: 'one', g: 'another' };
  const all = Object.entries(places).map(([name, address]) => run(name, address));
  for (const name of ['a', 'b', 'e', 'g', 'c', 'f', 'd']) {
    await hasBegun(begun, name);
    end(name);
  }
  expect((await Promise.all(all)).join('')).toBe('abcdefg');
});

test('PW-20: when the line is full, the last of the longest line gives way to whoever has less', async () => {
  const { run, begun, end } = controlledTasks({ concurrency: 1, queueLimit: 3, perAddressLimit: 4 });
  const crowd = ['a', 'b', 'c', 'd'].map((name) => run(name, 'crowd'));
  const newcomer = run('e', 'one');
  await expect(crowd[3]).rejects.toBeInstanceOf(PasswordQueueFull);
  // One waits of `one` and two of the crowd: neither has less than the other once it had one more.
  await expect(run('f', 'one')).rejects.toBeInstanceOf(PasswordQueueFull);
  await expect(run('g', 'crowd')).rejects.toBeInstanceOf(PasswordQueueFull);
  for (const name of ['a', 'b', 'e', 'c']) {
    await hasBegun(begun, name);
    end(name);
  }
  expect(await Promise.all([...crowd.slice(0, 3), newcomer])).toEqual(['a', 'b', 'c', 'e']);
  // Whoever was turned away has left nothing in the count of its address.
  const again = ['h', 'i', 'j', 'k'].map((name) => run(name, 'crowd'));
  for (const name of ['h', 'i', 'j', 'k']) {
    await hasBegun(begun, name);
    end(name);
  }
  expect(await Promise.all(again)).toEqual(['h', 'i', 'j', 'k']);
});

test('a failed task gives its place back', async () => {
  const { run, begun, end } = controlledTasks();
  const all = ['a', 'b', 'c'].map((name) => run(name, 'same'));
  await Promise.resolve();
  end('a', new Error('failed'));
  await expect(all[0]).rejects.toThrow('failed');
  end('b');
  end('c');
  expect(await Promise.all(all.slice(1))).toEqual(['b', 'c']);
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('the time to come back grows with the line', async () => {
  const queue = createPasswordQueue({ concurrency: 1, queueLimit: 35, perAddressLimit: 100 });
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const all = Array.from({ length: 36 }, () => queue.run('address', () => gate));
  await expect(queue.run('address', () => gate)).rejects.toHaveProperty('retryAfter', 4);
  open();
  await Promise.all(all);
});
