import type { CardDetails } from '../../../domain/payment/card.ts';
import type { Texts } from '../i18n/en.ts';

/** What the terminal told of a transaction, as names and values: by these it is found in the terminal's own journal. */
export function cardFacts(card: CardDetails | null, texts: Texts): readonly (readonly [string, string | undefined])[] {
  return [
    [texts.card, [card?.cardName, card?.maskedPan].filter(Boolean).join(' ')],
    [texts.terminal, card?.terminalId],
    [texts.trace, card?.traceNumber],
    [texts.cardReceipt, card?.receiptNumber],
    [texts.terminalClock, terminalClock(card)],
  ];
}

/** The same in one line: "Card UnionPay ************4242 · Trace 000101"; empty where nothing was told. */
export function cardInOneLine(card: CardDetails | null, texts: Texts): string {
  return cardFacts(card, texts).flatMap(([name, value]) => (value ? [`${name} ${value}`] : [])).join(' · ');
}

/** "MMDD" and "HHMMSS" as "11-22 13:05:02": the terminal's own, which may be wrong, so it is not made a time of ours. */
function terminalClock(card: CardDetails | null): string {
  const pairs = (digits: string | undefined) => digits?.match(/\d{2}/g) ?? [];
  return [pairs(card?.date).join('-'), pairs(card?.time).join(':')].filter(Boolean).join(' ');
}
