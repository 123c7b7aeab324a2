import { packed, unpackNext } from '../../../../hardware/sim/zvt-terminal/bytes.ts';
import type { Wire } from './wire.ts';

const ACK = Uint8Array.of(0x06);
const POSITIVE = packed([0x80, 0x00, 0x00]);
/** Registration for CNY (PA00P015, 2.1), with a password of its own: the very bytes of the kiosk would be taken for a repeat of them. */
const REGISTER = packed([0x06, 0x00, 0x06, 0x11, 0x11, 0x11, 0x3e, 0x01, 0x56]);

const patienceMs = 1_500;

/**
 * Somebody else's sale at the same terminal while the kiosk is not there: another till on the line, which speaks ZVT in bytes
 * of its own (PA00P015, 2.2) and is satisfied with whatever comes. Resolves when the terminal has completed it.
 */
export async function sellAtOtherTill(wire: Wire, amount: number): Promise<void> {
  const digits = String(amount).padStart(12, '0').match(/../g) ?? [];
  const purchase = packed([0x06, 0x01, 0x0a, 0x04, ...digits.map((pair) => Number.parseInt(pair, 16)), 0x49, 0x01, 0x56]);
  let buffer: number[] = [];
  let heard: (apdu: readonly number[]) => void = () => undefined;
  const say = wire.join((bytes) => {
    buffer.push(...bytes);
    for (let item = unpackNext(buffer); item.kind !== 'more'; item = unpackNext(buffer)) {
      if (item.kind !== 'apdu') continue;
      say(ACK);
      const { apdu } = item;
      if (apdu[0] !== 0x80 && apdu[0] !== 0x84) say(POSITIVE);
      heard(apdu);
    }
  });

  /** Until the command is taken and completed; a terminal that is still at something else (A0) is asked again. */
  async function run(command: Uint8Array): Promise<void> {
    for (;;) {
      const ended = new Promise<'done' | 'not_now'>((resolve) => {
        // Where the kiosk died in mid-frame its half is still on the line, and ours is taken for the rest of it.
        let patience = setTimeout(() => resolve('not_now'), patienceMs);
        heard = (apdu) => {
          clearTimeout(patience);
          if (apdu[0] === 0x84) resolve('not_now');
          else if (apdu[0] === 0x06 && (apdu[1] === 0x0f || apdu[1] === 0x1e)) resolve('done');
          else patience = setTimeout(() => resolve('not_now'), patienceMs);
        };
      });
      say(command);
      if ((await ended) === 'done') return;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  try {
    await run(REGISTER);
    buffer = [];
    await run(purchase);
  } finally {
    wire.leave();
  }
}
