import type { Vocabulary } from '../script/script.ts';

/**
 * The moments and actions of the virtual printer.
 *
 * Moments. `received dle eot 4`, `received dle enq 2`: as the bytes arrive. `received gs r`, `received gs a`, `received gs i`,
 * `received esc @`: when their turn comes behind the print data. `byte 128`: the 128th byte since it was made, before that byte
 * is looked at. `line printed` (anything that moves paper), `slip cut`, `powered on`, `powered off`, `xoff sent`, `xon sent`.
 *
 * Actions with a `value`: `too_hot` (cools down by itself after so many milliseconds), `power_off` (comes back after so many),
 * `silent` (speaks again after so many), `delay_answer` (milliseconds), `paper_ok` (length of the new roll in millimetres).
 * `drop_answer`, `garble_answer`, `double_answer` and `delay_answer` are about the next answer. `cutter_free`: the knife can
 * move again, but the printer waits for DLE ENQ or for its power to be switched. `unplug` and `plug` are told to `onCable`.
 */
export const printerVocabulary = {
  moments: [
    'received dle eot 1', 'received dle eot 2', 'received dle eot 3', 'received dle eot 4', 'received dle enq 1', 'received dle enq 2', 'received dle dc4 8',
    'received gs r', 'received gs a', 'received gs i', 'received esc @', 'byte ', 'line printed', 'slip cut', 'powered on', 'powered off', 'xoff sent', 'xon sent',
  ],
  actions: [
    'paper_out', 'paper_low', 'paper_ok', 'cover_open', 'cover_close', 'cutter_jam', 'cutter_free', 'too_hot', 'cool', 'jam', 'unjam', 'break', 'power_off', 'power_on',
    'silent', 'speak', 'garble_answer', 'drop_answer', 'double_answer', 'delay_answer', 'xoff', 'xon', 'unplug', 'plug',
  ],
} as const satisfies Vocabulary;

export type PrinterAction = (typeof printerVocabulary.actions)[number];
