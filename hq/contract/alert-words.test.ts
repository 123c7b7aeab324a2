import { expect, test } from 'vitest';
import type { ProofResult } from './console.ts';
import { factsOfProof } from './proof-words.ts';
import type { ServiceFacts } from './service-words.ts';
import type { WalletFacts } from './wallet-words.ts';
import type { AlertFacts, WordedKind } from './alert-words.ts';
import { alertFactsSchemas, alertWords, englishDetail } from './alert-words.ts';

const at = Date.UTC(2026, 10, 23, 5, 0, 0);
const red: ProofResult = {
  signature: 'wrong', missing: [{ lane: 'orders', epoch: 1, sequences: Array.from({ length: 30 }, (_, index) => index + 1) }], differing: [], projections: [{ lane: 'orders', epoch: 1, sequence: 9, table: 'payments', id: 'x' }],
  sums: ['orders CNY'], setAside: [{ lane: 'orders', epoch: 1, sequence: 7, reason: 'unknown_kind', waitsForUpdate: true }], missingClosings: [4], uncounted: [{ lane: 'stock', epoch: 1, from: 2, to: 5 }], more: 3,
};
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
  quarantined: { lane: 'orders', epoch: 1, sequence: 17, event: 'order.placed', reason: 'breaks_schema', detail: 'order.lines: too few' },
  chain_broken: { lane: 'stock', epoch: 2, sequence: 3, fault: 'not_following' },
  next_epoch: { lane: 'orders', left: 1, leftAt: 40, began: 2 },
  store_recovered: { cause: 'damaged', from: 'copy', copyAt: at, fromJournal: 3, fromHq: 2, detail: '' },
  proof_red: { what: 'day', day: '2026-11-22', ...factsOfProof(red) },
  wallet_open: { what: 'other_amount', attemptId: 'attempt-1', wallet: 'wechat', taken: { amount: 1, currency: 'CNY' }, asked: { amount: 1250, currency: 'CNY' } },
  service_open: { what: 'overdue', jobId: 'job-1', service: 'top_up', minutes: 10, provider: 'carrier', reversal: 'cannot', promisedBy: at },
  books_differ: { kinds: [{ kind: 'paid_twice', count: 2 }, { kind: 'hq_unaware', count: 1 }] },
};
const clock = (time: number) => `<${time}>`;

test.each(Object.keys(alertFactsSchemas) as WordedKind[])('what an alarm of %s says stands in both languages, by the reader\'s clock, and in English for who reads neither', (kind) => {
  const words = alertWords(kind, JSON.parse(JSON.stringify(examples[kind])), clock);
  expect(words?.zh).toMatch(/[\u4e00-\u9fff]/);
  expect(words?.en).not.toMatch(/[\u4e00-\u9fff]|undefined|NaN|\[object/);
  expect(words?.zh).not.toMatch(/undefined|NaN|\[object/);
  expect(englishDetail(kind, examples[kind]).replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, (time) => clock(Date.parse(time)))).toBe(words?.en);
});

const services: readonly ServiceFacts[] = [
  { what: 'both', jobId: 'job-1', order: 'refunded' }, { what: 'contradicted', jobId: 'job-1', was: 'done', said: 'carrier says refused' }, { what: 'held', jobId: 'job-1', reason: 'no such number' },
  { what: 'overdue', jobId: 'job-1', service: null, minutes: 11, provider: 'carrier', reversal: null, promisedBy: at }, { what: 'not_taken', jobId: 'job-1', outcome: 'done', answer: 'refused: it has another end' },
];
test.each(services)('each way in which a service needs a person is told whole in both languages: $what', (facts) => {
  const told = alertWords('service_open', JSON.parse(JSON.stringify(facts)), clock);
  for (const text of [told?.zh, told?.en]) expect(text).toContain('job-1');
  expect(told?.zh).not.toMatch(/undefined|NaN/);
  expect(told?.en).not.toMatch(/[\u4e00-\u9fff]|undefined|NaN/);
});

const [attempt, cny] = [{ attemptId: 'attempt-1', wallet: 'alipay' }, { amount: 1250, currency: 'CNY' }] as const;
const wallets: readonly WalletFacts[] = [
  { ...attempt, what: 'not_its_own', owner: 'kiosk-002' }, { ...attempt, what: 'paid_nothing', taken: { amount: 0, currency: 'CNY' } }, { ...attempt, what: 'other_amount', taken: { amount: 1, currency: 'CNY' }, asked: cny },
  { ...attempt, what: 'no_end', minutes: 11, reason: 'no answer' }, { ...attempt, what: 'not_looked_at', was: 'closed', reason: 'no answer' }, { ...attempt, what: 'refund_refused', amount: cny, reason: 'too little balance' },
  { ...attempt, what: 'refund_refused', amount: cny, reason: 'too little balance', origin: 'kiosk' },
  { ...attempt, what: 'refund_open', amount: cny, reason: null }, { ...attempt, what: 'refund_open', amount: cny, reason: 'no answer' },
];
test.each(wallets)('each way in which a wallet’s money needs a person is told whole in both languages: $what', (facts) => {
  const told = alertWords('wallet_open', JSON.parse(JSON.stringify(facts)), clock);
  for (const text of [told?.zh, told?.en]) {
    expect(text).toContain('attempt-1');
    expect(text).not.toMatch(/undefined|NaN|null|\[object/);
    if ('reason' in facts && facts.reason !== null) expect(text).toContain(facts.reason);
  }
  expect(told?.zh).toContain('支付宝');
  expect(told?.en).toContain('Alipay');
  expect(told?.en).not.toMatch(/[\u4e00-\u9fff]/);
});

test('of a refund that a kiosk asked for, nobody is told to give it at the gateway: its manager gives it', () => {
  const words = (origin?: 'kiosk' | 'hq') => alertWords('wallet_open', { ...attempt, what: 'refund_refused', amount: cny, reason: 'too little balance', origin }, clock)!;
  expect(words('kiosk').en).toContain('do not give it at the gateway as well');
  expect(words('kiosk').zh).toContain('不要在商户后台再退一次');
  for (const told of [words('hq'), words()]) {
    expect(told.en).toContain('set it right at the gateway');
    expect(told.zh).toContain('请在其商户后台处理好');
  }
});

test('of a red day the first twenty places of each list are named and the rest counted', () => {
  const { zh, en } = alertWords('proof_red', examples.proof_red, clock)!;
  expect(en).toBe(`2026-11-22: signature wrong; missing ${Array.from({ length: 20 }, (_, index) => `orders 1/${index + 1}`).join(', ')} and 10 more; tables payments: orders 1/9; waiting for an update of HQ orders 1/7 (unknown_kind); closings missing 4; in no closing stock 1/2–5; sums orders CNY; 3 more`);
  expect(zh).toContain('另有 10 处');
});

test('facts that are missing, or of another version, are not guessed at', () => {
  for (const facts of [null, undefined, {}, { since: 'yesterday' }, []]) expect(alertWords('offline', facts, clock)).toBeUndefined();
  expect(alertWords('toString', {}, clock)).toBeUndefined();
  expect(alertWords('wallet_open', { state: 'low' }, clock)).toBeUndefined();
});

test('what stands in place of a planned publication is named, and a withdrawal is not called somebody\'s', () => {
  const { publication_failed: example } = examples;
  expect(englishDetail('publication_failed', example)).toContain('ben published revision 7');
  expect(englishDetail('publication_failed', { ...example, meanwhile: null })).toContain('has been withdrawn');
  expect(englishDetail('publication_failed', { ...example, malformed: 'offers.0.price: too small' })).toContain('offers.0.price: too small');
});
