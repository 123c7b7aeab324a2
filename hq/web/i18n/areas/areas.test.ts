import { expect, test } from 'vitest';

const files = Object.entries(import.meta.glob<Record<string, unknown>>(['./*.ts', '!./*.test.ts'], { eager: true }));

function emptyTexts(value: unknown): number {
  if (value === '') return 1;
  return typeof value === 'object' && value !== null ? Object.values(value).reduce<number>((sum, inner) => sum + emptyTexts(inner), 0) : 0;
}

test.each(files)('%s says the same things in both languages, and none of them nothing', (_file, exported) => {
  const areas = Object.values(exported).filter((value): value is { zh: object; en: object } => typeof value === 'object' && value !== null && 'zh' in value && 'en' in value);
  expect(areas.length).toBeGreaterThan(0);
  for (const { zh, en } of areas) {
    // What lies within is held by the interface that both are of; a record of server's words may be longer in one.
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    expect(emptyTexts(zh) + emptyTexts(en)).toBe(0);
  }
});
