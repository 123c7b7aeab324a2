import { expect, it } from 'vitest';
import { orderIdSchema } from '../../domain/ids.ts';
import { createNewIds } from './new-ids.ts';

it('gives UUIDv7s, none twice, also beyond what is drawn at once', () => {
  const newId = createNewIds(() => 1_700_000_000_000);
  const ids = Array.from({ length: 2_500 }, newId);
  expect(new Set(ids).size).toBe(2_500);
  expect(ids.every((id) => orderIdSchema.safeParse(id).success)).toBe(true);
});
