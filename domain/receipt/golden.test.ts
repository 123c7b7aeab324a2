import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { languages } from '../language.ts';
import { columnsOf } from './layout/gbk-repertoire.ts';
import { laidText } from './layout/laid-text.ts';
import { layoutReceipt } from './layout/layout.ts';
import { renderSpeech } from './render-speech.ts';
import { sampleKinds, sampleReceipt } from './testing/samples.ts';

/** `UPDATE_GOLDEN=1` writes the files anew; then look at what git says has changed. */
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';
const folder = path.join(import.meta.dirname, 'golden');

function expectGolden(name: string, text: string): void {
  const file = path.join(folder, name);
  if (isUpdate) fs.writeFileSync(file, text);
  expect(text, `${name}: UPDATE_GOLDEN=1 renews it`).toBe(fs.readFileSync(file, 'utf8'));
}

const cases = sampleKinds.flatMap((kind) => languages.flatMap((language) => [{ kind, language }]));

describe.each(cases)('$kind in $language', ({ kind, language }) => {
  test.each([32, 42, 48])('prints at %i columns as it always did', (columns) => {
    const text = laidText(layoutReceipt(sampleReceipt(kind, language, columns), columns, { logoSlots: kind === 'test-page' && columns !== 32 ? 1 : 0 }), columns);
    expectGolden(`${kind}.${language}.${columns}.txt`, `${text}\n`);
    for (const line of text.split('\n')) if (!line.startsWith('[')) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
  });

  test('is spoken as it always was', () => {
    expectGolden(`${kind}.${language}.speech.txt`, `${renderSpeech(sampleReceipt(kind, language, 48))}\n`);
  });
});

test('no golden file is left over', () => {
  const wanted = cases.flatMap(({ kind, language }) => [32, 42, 48, 'speech'].map((what) => `${kind}.${language}.${what}.txt`));
  expect(fs.readdirSync(folder).sort()).toEqual(wanted.sort());
});
