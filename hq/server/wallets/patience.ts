import type { WalletAnswer } from '../../../domain/contract/hq-online.ts';
import type { WalletNews } from './news.ts';
import type { PaymentPlace } from './rows.ts';

export interface Patience {
  /** Waits for work, and no longer than this: it goes on by itself. */
  readonly within: (ms: number, work: Promise<void>) => Promise<void>;
  /** Remembers what a kiosk was told, and gives it back. */
  readonly tell: (place: PaymentPlace, answer: WalletAnswer) => WalletAnswer;
  /** Keeps a question until its answer is another one than the kiosk was told last (by this process), or `waitMs` are over. What is not open is answered at once, and so is a kiosk of which too many are kept. */
  readonly wait: (place: PaymentPlace, read: () => Promise<WalletAnswer>, how: { readonly waitMs: number; readonly isOpen: (answer: WalletAnswer) => boolean }) => Promise<WalletAnswer>;
  /** Everybody who waits is answered now. */
  readonly close: () => void;
}

/** A notification may be lost: it is looked at all the same. */
const lookAgainMs = 3000;
const lookAloneMs = 500;
/** So many questions of one kiosk are kept at once: its customer waits for one payment, and it for a few of before. */
const keptOfKiosk = 8;
/** Of so many payments it is remembered what was told. */
const remembered = 5000;

/** Long questions: customers wait for the end of a payment, and hear of it when it is there. */
export function createPatience(news: WalletNews | undefined): Patience {
  const told = new Map<string, string>();
  const waiting = new Set<() => void>();
  const ofKiosk = new Map<string, number>();
  let isClosed = false;

  const keyOf = ({ kioskId, attemptId }: PaymentPlace) => `${kioskId} ${attemptId}`;
  const gist = ({ state, code, refunds }: WalletAnswer) => JSON.stringify([state, code !== undefined, refunds.map((refund) => [refund.refundId, refund.state])]);
  const tell: Patience['tell'] = (place, answer) => {
    const key = keyOf(place);
    told.delete(key);
    told.set(key, gist(answer));
    if (told.size > remembered) told.delete(told.keys().next().value!);
    return answer;
  };

  return {
    tell,
    within: async (ms, work) => {
      let timer: NodeJS.Timeout | undefined;
      const enough = new Promise<void>((resolve) => { timer = setTimeout(resolve, ms); });
      await Promise.race([work, enough]).finally(() => clearTimeout(timer));
    },
    wait: async (place, read, { waitMs, isOpen }) => {
      const { kioskId } = place;
      const kept = ofKiosk.get(kioskId) ?? 0;
      const until = performance.now() + (kept < keptOfKiosk ? waitMs : 0);
      ofKiosk.set(kioskId, kept + 1);
      let wake = () => {};
      let isWoken = false;
      const woken = () => {
        isWoken = true;
        wake();
      };
      // Before the first look, so that no change falls in between.
      const stop = news?.watch(place.attemptId, woken);
      waiting.add(woken);
      try {
        for (let before = told.get(keyOf(place)); ; ) {
          isWoken = false;
          const answer = await read();
          const left = until - performance.now();
          before ??= gist(answer);
          if (left <= 0 || isClosed || !isOpen(answer) || gist(answer) !== before) return tell(place, answer);
          if (isWoken) continue;
          let timer: NodeJS.Timeout | undefined;
          await new Promise<void>((resolve) => {
            wake = resolve;
            timer = setTimeout(resolve, Math.min(left, news?.isListening() ? lookAgainMs : lookAloneMs));
          }).finally(() => clearTimeout(timer));
        }
      } finally {
        waiting.delete(woken);
        const left = (ofKiosk.get(kioskId) ?? 1) - 1;
        if (left > 0) ofKiosk.set(kioskId, left);
        else ofKiosk.delete(kioskId);
        stop?.();
      }
    },
    close: () => {
      isClosed = true;
      waiting.forEach((wake) => wake());
    },
  };
}
