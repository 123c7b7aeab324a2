import { BMP } from '../../codec/zvt/bmp.ts';
import { reversedTraceOf } from '../../codec/zvt/card-details.ts';
import { valueOf } from '../../codec/zvt/fields.ts';
import { control } from '../../codec/zvt/message.ts';
import type { ZvtMessage } from '../../codec/zvt/message.ts';

/** What a message says by itself, whatever goes on, and the short answers to one. */

/** 80 00 00. */
export const positive: ZvtMessage = { kind: 'positive', fields: [] };
/** 84 xx 00. */
export const negative = (code: number): ZvtMessage => ({ kind: 'answer', code, fields: [] });

export const UNKNOWN_MESSAGE = 0x83;
export const GOODS_FAILED = 0x66;
export const PRINTER_NOT_READY = 0xcc;
export const GOODS_NOT_OUT_YET = 0x9c;

/** An approval that nobody waits for any more is refused, so that the terminal reverses it; all else is taken. */
export function answerToUnasked(message: ZvtMessage): ZvtMessage {
  return isApproval(message) ? negative(GOODS_FAILED) : positive;
}

/** 04 0F with 27 00. That of a reversal (BMP 37 names what it takes back) is none. */
export function isApproval(message: ZvtMessage): boolean {
  return message.kind === 'status_information' && valueOf(message.fields, BMP.RESULT_CODE)?.[0] === 0 && reversedTraceOf(message.fields) === undefined;
}

/** Before any answer to our command. Only a status says by itself what it answers. */
export function isEndOfAnother(message: ZvtMessage): boolean {
  if (message.kind === 'status_completion') return message.terminalStatus === undefined;
  return message.kind === 'completion' || message.kind === 'abort';
}

/** 04 0F, readable or not. */
export function isStatusInformation(apdu: Uint8Array): boolean {
  return apdu[0] === control.STATUS_INFORMATION >>> 8 && apdu[1] === (control.STATUS_INFORMATION & 0xff);
}

/** 80 xx or 84 xx: it answers what was said, and is not answered. */
export function isAnswer(apdu: Uint8Array): boolean {
  return apdu[0] === control.POSITIVE >>> 8 || apdu[0] === 0x84;
}
