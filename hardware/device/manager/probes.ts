import { askStatus, statusQuestions } from '../../codec/escpos/commands.ts';
import { NAK, encodeFrame } from '../../codec/zvt/frame.ts';
import type { LineProbe } from '../../transport/probed.ts';

/** Speeds that devices of a kiosk leave the factory with, the likeliest first. */
export const usualBaudRates = [9600, 115_200, 19_200, 38_400, 57_600] as const;

/** DLE EOT 1 to 4 are answered at once in any state; four bytes with the fixed bits of 0xx1xx10 are no rubbish. */
export const printerProbe: LineProbe = {
  question: Uint8Array.from(statusQuestions.flatMap((question) => [...askStatus(question)])),
  isAnswer: (bytes) => bytes.length >= statusQuestions.length && bytes.subarray(-statusQuestions.length).every((byte) => (byte & 0b1001_0011) === 0b0001_0010),
  answerMs: 500,
};

/**
 * A frame with a wrong check sum (PA00P016, 2.4): it is answered NAK and never carried out, so that nothing is under way
 * in the terminal when the driver begins. A status enquiry would be answered twice, once to nobody.
 */
export const zvtProbe: LineProbe = {
  question: brokenFrame(),
  isAnswer: (bytes) => bytes.length === 1 && bytes[0] === NAK,
  answerMs: 1000,
};

function brokenFrame(): Uint8Array {
  const frame = encodeFrame(Uint8Array.of(0x05, 0x01, 0x00));
  return frame.map((byte, index) => (index >= frame.length - 2 ? byte ^ 0xff : byte));
}
