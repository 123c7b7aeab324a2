import type { Model } from './model.ts';
import { screenOf } from './model.ts';

/** One touch, as far as a second one has to be held against it. */
export interface Tap {
  readonly atMs: number;
  readonly x: number;
  readonly y: number;
  /** What lay under the finger: `surfaceOf`. */
  readonly surface: string;
}

/** Longer than the pause in a double tap of an unsteady hand, shorter than it takes to read a button. */
const sameTapMs = 450;
const samePlacePx = 90;

/** What is on the screen, as far as a finger meets other controls in the same places. */
export function surfaceOf(model: Model): string {
  const screen = screenOf(model);
  const { visit } = model;
  const sheet = visit?.sheet;
  const payment = screen.kind === 'pay' ? screen.order.payment.kind : '';
  return [
    screen.kind, screen.kind === 'offers' ? screen.categoryId : '', payment, sheet?.kind ?? '', sheet?.kind === 'offer' ? `${sheet.draft.line.id} ${sheet.draft.part}` : '',
    visit?.endsAt === undefined ? '' : 'idle',
  ].join('|');
}

/**
 * The second half of a double tap, on what has come under the finger meanwhile: nobody has read that yet. The main action stands in the same place on
 * every screen, so it would place an order, or end the visit before the pickup number was seen.
 */
export function isSecondHalf(before: Tap | undefined, now: Tap): boolean {
  if (!before || before.surface === now.surface) return false;
  return now.atMs - before.atMs < sameTapMs && Math.hypot(now.x - before.x, now.y - before.y) < samePlacePx;
}

/** Keeps second halves from the page; `surface` tells what lies under the finger now. Only for fingers and pens: keys and programs press what they have named. */
export function guardSecondTaps(window: Window, surface: () => string): void {
  let last: Tap | undefined;
  let dropped: number | undefined;
  const isFinger = ({ pointerType }: PointerEvent) => pointerType === 'touch' || pointerType === 'pen';
  const stop = (event: Event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  window.addEventListener('pointerdown', (event) => {
    dropped = undefined;
    if (!isFinger(event)) return;
    const tap = { atMs: event.timeStamp, x: event.clientX, y: event.clientY, surface: surface() };
    if (isSecondHalf(last, tap)) {
      dropped = event.pointerId;
      stop(event);
    } else last = tap;
  }, { capture: true });
  for (const type of ['pointerup', 'pointercancel', 'click'] as const) {
    window.addEventListener(type, (event) => {
      if (dropped !== undefined && (type === 'click' || event.pointerId === dropped)) stop(event);
      if (type === 'click') dropped = undefined;
    }, { capture: true });
  }
}
