import { expect, test } from 'vitest';
import type { AlertFacts, WordedKind } from './alert-words.ts';
import { alertFactsSchemas, alertWords, englishDetail } from './alert-words.ts';

const at = Date.UTC(2026, 10, 23, 5, 0, 0);
const examples: { readonly [K in WordedKind]: AlertFacts<K> } = {
  offline: { since: at },
  paper: { receiptsLeft: 12 },
  terminal: { faults: [{ name: 'card terminal', code: 'TERMINAL_NO_ANSWER', zh: '无应答', en: 'no answer' }] },
  device: { faults: [{ name: 'printer', code: 'PRINTER_COVER_OPEN', zh: '盖子打开', en: 'cover open' }, { name: 'scanner', code: 'SCANNER_AWAY', zh: '未连接', en: 'away' }] },
  closed: { isPaused: true, since: at, reasons: ['staff'] },
  stock: { count: 12, offers: [{ offerId: 'cola', left: 0 }, { offerId: 'tea', left: 1 }] },
  refunds: { count: 5, of: 10, hours: 24 },
  declines: { count: 10, of: 12, hours: 1 },
  staff_locked: { number: '100', minutes: 5, times: 2 },
  disk: { state: 'low', freeBytes: 120_000_000 },
  clock_skewed: { seconds: 400, isBehind: true },
  help_unanswered: { minutes: 3, screen: 'checkout', callId: '01900000-0000-7000-8000-000000000001' },
  cloned: { runs: ['a', 'b'] },
  audit_broken: { number: 7, act: 'stock.move', fault: 'gap' },
  hq_audit_broken: { what: 'missing', from: 3, to: 5 },
  publication_failed: { scope: 'all', plannedBy: 'ana', plannedAt: at, dueAt: at + 60_000, meanwhile: { revision: 7, by: 'ben', at } },
};
const clock = (time: number) => `<${time}>`;

test.each(Object.keys(alertFactsSchemas) as WordedKind[])('what an alarm of %s says stands in both languages, by the reader\'s clock, and in English for who reads neither', (kind) => {
  const words = alertWords(kind, JSON.parse(JSON.stringify(examples[kind])), clock);
  expect(words?.zh).toMatch(/[\u4e00-\u9fff]/);
  expect(words?.en).not.toMatch(/[\u4e00-\u9fff]|undefined|NaN|\[object/);
  expect(words?.zh).not.toMatch(/undefined|NaN|\[object/);
  expect(englishDetail(kind, examples[kind]).replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, (time) => clock(Date.parse(time)))).toBe(words?.en);
});

test('facts that are missing, or of another version, are not guessed at', () => {
  for (const facts of [null, undefined, {}, { since: 'yesterday' }, []]) expect(alertWords('offline', facts, clock)).toBeUndefined();
  expect(alertWords('toString', {}, clock)).toBeUndefined();
  expect(alertWords('service_open', { state: 'low' }, clock)).toBeUndefined();
});

test('what stands in place of a planned publication is named, and a withdrawal is not called somebody\'s', () => {
  const { publication_failed: example } = examples;
  expect(englishDetail('publication_failed', example)).toContain('ben published revision 7');
  expect(englishDetail('publication_failed', { ...example, meanwhile: null })).toContain('has been withdrawn');
  expect(englishDetail('publication_failed', { ...example, malformed: 'offers.0.price: too small' })).toContain('offers.0.price: too small');
});
