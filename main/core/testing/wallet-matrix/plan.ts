import type { Act, Cart, FaultName, MatrixCase, Mode, Wallet } from './case.ts';
import { faults, modes, wallets } from './case.ts';
import type { KillPoint, Side } from './kill-switch.ts';

export type Group = 'faults' | 'pairs' | 'kills' | 'kills with faults' | 'refunds' | 'services';
export interface PlannedCase extends MatrixCase {
  readonly group: Group;
}

const actsOf: Readonly<Record<Mode, readonly Act[]>> = {
  shown: ['pays', 'refuses', 'limit', 'after_close', 'after_end', 'before_close', 'walks', 'pays_walks', 'cancels'],
  read: ['pays', 'confirms', 'refuses', 'limit', 'after_close', 'after_end', 'before_close', 'walks', 'pays_walks', 'cancels'],
};

/** The moments that each story comes to by itself, so that one that is not reached is a fault. */
function stepsOf(mode: Mode, act: Act): readonly (readonly [Side, string])[] {
  const begin: readonly (readonly [Side, string])[] = [
    ['kiosk', 'startAttempt'], ['kiosk', 'settleAttempt'], ['kiosk', 'ask begin'], ['hq', 'hear begin'], ['hq', 'commit begin payment'], ['hq', 'commit record payment'],
    ['hq', mode === 'shown' ? 'gateway show' : 'gateway charge'],
  ];
  if (mode === 'read' && act === 'pays') return begin;
  const waited: readonly (readonly [Side, string])[] = [...begin, ['kiosk', 'ask state'], ['hq', 'hear state'], ['hq', 'gateway query'], ['hq', 'commit claim payment']];
  if (act === 'pays' || act === 'confirms' || (act === 'refuses' && mode === 'read')) return waited;
  if (act === 'limit' || act === 'pays_walks') return begin;
  return [...waited, ['kiosk', 'ask close'], ['hq', 'hear close'], ...(act === 'before_close' ? [] : [['hq', 'gateway end'] as const])];
}

const refundSteps: readonly (readonly [Side, string])[] = [
  ['kiosk', 'ask refund'], ['hq', 'hear refund'], ['hq', 'commit ask refund'], ['hq', 'commit claim refund'], ['hq', 'commit record refund'], ['hq', 'gateway refund'],
];
const serviceSteps: readonly (readonly [Side, string])[] = [['hq', 'carrier submit'], ['hq', 'commit record service'], ['kiosk', 'settleService'], ['hq', 'commit claim service'], ['hq', 'commit take events']];

const bothTimes = ([side, step]: readonly [Side, string], nth = 1): readonly KillPoint[] => [{ side, step, when: 'before', nth }, { side, step, when: 'after', nth }];

/** All cases, always the same ones in the same order. */
export function planWalletMatrix(): readonly PlannedCase[] {
  const planned: PlannedCase[] = [];
  const random = randomFrom(24);
  const draw = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const add = (group: Group, one: Partial<MatrixCase> & { readonly wallet: Wallet; readonly mode: Mode }) =>
    void planned.push({ cart: 'cola', act: 'pays', faults: [], kill: undefined, after: 'none', group, ...one });
  const faultsOf = (mode: Mode): readonly FaultName[] => [...faults.begin, ...(mode === 'read' ? faults.confirming : []), ...faults.query, ...faults.end, ...faults.note];

  for (const wallet of wallets) {
    for (const mode of modes) {
      const acts = actsOf[mode];
      for (const act of acts) {
        add('faults', { wallet, mode, act });
        // Each fault with what meets it, and the rest of them by lot.
        for (const fault of faultsOf(mode)) {
          const isEnd = fault.startsWith('end_');
          const isEnding = ['after_close', 'after_end', 'before_close', 'walks', 'cancels'].includes(act);
          const isPaying = ['pays', 'confirms', 'pays_walks', 'limit', 'after_close', 'after_end'].includes(act);
          if (isEnd ? isEnding : fault.startsWith('note_') ? isPaying : random() < 0.62) add('faults', { wallet, mode, act, faults: [fault] });
        }
        for (const step of stepsOf(mode, act)) for (const kill of bothTimes(step)) add('kills', { wallet, mode, act, kill });
        for (let count = 0; count < 10; count += 1) {
          const [first, second] = [draw(faultsOf(mode)), draw(faultsOf(mode))];
          if (first !== second) add('pairs', { wallet, mode, act, faults: [first, second].sort() });
        }
        for (let count = 0; count < 10; count += 1) add('kills with faults', { wallet, mode, act, faults: [draw(faultsOf(mode))], kill: draw(bothTimes(draw(stepsOf(mode, act)), draw([1, 1, 2]))) });
      }
      for (const after of ['whole', 'part', 'part_rest', 'twice'] as const) {
        add('refunds', { wallet, mode, after });
        for (const fault of faults.refund) if (wallet === 'wechat' || fault !== 'refund_refused') add('refunds', { wallet, mode, after, faults: [fault] });
        const own: readonly (readonly [Side, string])[] = after === 'part' || after === 'part_rest' ? [['kiosk', 'askRefund'], ['kiosk', 'settleRefund']] : [['kiosk', 'startReversal'], ['kiosk', 'settleReversal']];
        for (const step of [...refundSteps, ...own]) for (const kill of bothTimes(step)) add('refunds', { wallet, mode, after, kill });
      }
    }
    for (const cart of ['service_done', 'service_refused', 'service_silent', 'service_lost', 'service_reversed', 'service_cannot', 'both_done', 'both_refused', 'both_reversed'] satisfies Cart[]) {
      const mode = draw(modes);
      add('services', { wallet, mode, cart });
      for (const fault of ['begin_lost', 'query_lost', 'note_never', 'refund_lost', 'refund_500_acted'] as const) add('services', { wallet, mode: draw(modes), cart, faults: [fault] });
      for (const step of serviceSteps) for (const kill of bothTimes(step)) if (step[1] !== 'settleService' || cart !== 'service_cannot') add('services', { wallet, mode: draw(modes), cart, kill });
    }
  }
  const names = new Set<string>();
  return planned.filter((one) => {
    const name = JSON.stringify({ ...one, group: undefined });
    return !names.has(name) && names.add(name);
  });
}

/** The same numbers for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffled<T>(all: readonly T[], random: () => number): T[] {
  return all.map((one) => [random(), one] as const).sort(([left], [right]) => left - right).map(([, one]) => one);
}
