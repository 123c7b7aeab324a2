import { argon2id, argon2Verify } from 'hash-wasm';
import { expect, test } from 'vitest';
import { isArgon2 } from './argon2.ts';
import { createLine, LineFull } from './line.ts';
import { createPasswords } from './passwords.ts';

test('holds up nobody: HQ does other things meanwhile', async () => {
  const passwords = createPasswords();
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    while (!isDone) {
      await new Promise((resolve) => void setImmediate(resolve));
      turns += 1;
    }
  })();
  await Promise.all(Array.from({ length: 5 }, () => passwords.matches('guess', undefined)));
  isDone = true;
  await others;
  expect(turns).toBeGreaterThan(50);
});

test('is checked by the same words as every other program’s Argon2id, and hashes from before hold', async () => {
  const passwords = createPasswords();
  const made = await passwords.hash('Cafe\u0301 au lait');
  expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(await argon2Verify({ password: 'Café au lait', hash: made })).toBe(true);
  const before = await argon2id({ password: 'Café au lait', salt: Buffer.alloc(16, 7), memorySize: 1024, iterations: 1, parallelism: 2, hashLength: 32, outputType: 'encoded' });
  expect([await passwords.matches('Café au lait', before), await passwords.matches('cafe', before)]).toEqual([true, false]);
  expect([await passwords.matches('', null), await passwords.matches('x', undefined)]).toEqual([false, false]);
  await expect(isArgon2('x', 'plain text')).rejects.toThrow('no Argon2id hash');
});

test('a line lets so many in at once, in their order, refuses who would wait too long, and goes on after a failure', async () => {
  const line = createLine(2, 2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const come = (number: number) => line.wait(() => {
    begun.push(number);
    return new Promise<number>((resolve, reject) => void (ends[number] = () => (number === 1 ? reject(new Error('failed')) : resolve(number))));
  });
  const [first, second, third, fourth] = [0, 1, 2, 3].map(come);
  const refused = come(4);
  await expect(refused).rejects.toBeInstanceOf(LineFull);
  expect(begun).toEqual([0, 1]);
  ends[1]!();
  await expect(second).rejects.toThrow('failed');
  expect(begun).toEqual([0, 1, 2]);
  ends[0]!();
  expect(await first).toBe(0);
  ends[2]!();
  ends[3]!();
  expect([await third, await fourth]).toEqual([2, 3]);
  const again = come(5);
  ends[5]!();
  expect(await again).toBe(5);
});
