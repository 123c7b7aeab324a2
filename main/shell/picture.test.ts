import { expect, it } from 'vitest';
import { toCoreSchema } from '../../domain/contract/shell.ts';
import type { Image } from './picture.ts';
import { pictureOf } from './picture.ts';

/** As large as `bytes` says for a quality; it remembers what it was asked. */
function image(bytes: (quality: number) => number, asked: unknown[] = [], isEmpty = false): Image {
  return {
    isEmpty: () => isEmpty,
    resize(options) {
      asked.push(options);
      return this;
    },
    toJPEG(quality) {
      asked.push(quality);
      return new Uint8Array(bytes(quality)).fill(quality);
    },
  };
}

it('is 540 wide and as good as fits', () => {
  const asked: unknown[] = [];
  expect(pictureOf(image((quality) => quality * 2_000, asked))).toBe(Buffer.alloc(110_000, 55).toString('base64'));
  expect(asked).toEqual([{ width: 540, quality: 'good' }, 75, 55]);
});

it('passes the border at its largest, and is none where nothing is shown, where it is empty, or where it never fits', () => {
  const picture = pictureOf(image(() => 130_000));
  expect(toCoreSchema.safeParse({ kind: 'picture', picture }).success).toBe(true);
  expect(pictureOf(image(() => 10, [], true))).toBeUndefined();
  expect(pictureOf(image(() => 0))).toBeUndefined();
  expect(pictureOf(image(() => 130_001))).toBeUndefined();
});
