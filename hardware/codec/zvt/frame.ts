import { crc16 } from './crc.ts';

/** Bare bytes of the transport layer (PA00P016, 2.4): they are neither framed nor acknowledged. */
export const ACK = 0x06;
export const NAK = 0x15;
const DLE = 0x10;
const STX = 0x02;
const ETX = 0x03;

/** CLASS INSTR FF lo hi and 65,535 bytes: no longer APDU can be announced. */
export const maxApduLength = 5 + 0xffff;

/** `10 02 <APDU, every 10 doubled> 10 03 CRClo CRChi`; the CRC covers the undoubled APDU and the 03, and is not doubled. */
export function encodeFrame(apdu: Uint8Array): Uint8Array {
  const frame = [DLE, STX];
  for (const byte of apdu) {
    frame.push(byte);
    if (byte === DLE) frame.push(DLE);
  }
  const crc = crc16([...apdu, ETX]);
  frame.push(DLE, ETX, crc & 0xff, crc >>> 8);
  return Uint8Array.from(frame);
}

export type FrameEvent =
  | { readonly kind: 'ack' }
  | { readonly kind: 'nak' }
  | { readonly kind: 'apdu'; readonly apdu: Uint8Array }
  /** A frame that has to be repeated: the receiver answers NAK. */
  | { readonly kind: 'broken'; readonly reason: 'crc' | 'framing' | 'too_long' };

export interface FrameDecoder {
  push(bytes: Uint8Array): FrameEvent[];
  /** Something has begun that is not complete: T1 runs. */
  isPending(): boolean;
  /** T1 is over: what has begun will not be completed. */
  reset(): void;
}

type Position = 'between' | 'after_dle' | 'inside' | 'inside_after_dle' | 'crc_low' | 'crc_high' | 'noise' | 'noise_after_dle';

/** Takes bytes in any split. */
export function createFrameDecoder(): FrameDecoder {
  let position: Position = 'between';
  let apdu: number[] = [];
  let crcLow = 0;

  return {
    push(bytes) {
      const events: FrameEvent[] = [];
      for (const byte of bytes) {
        const event = take(byte);
        if (event) events.push(event);
      }
      return events;
    },
    isPending: () => position !== 'between',
    reset() {
      position = 'between';
      apdu = [];
    },
  };

  function take(byte: number): FrameEvent | undefined {
    switch (position) {
      case 'between':
        if (byte === ACK) return { kind: 'ack' };
        if (byte === NAK) return { kind: 'nak' };
        position = byte === DLE ? 'after_dle' : 'noise';
        return undefined;
      case 'after_dle':
        return begin(byte);
      case 'inside':
        if (byte === DLE) position = 'inside_after_dle';
        else return append(byte);
        return undefined;
      case 'inside_after_dle':
        if (byte === DLE) return append(byte);
        if (byte === ETX) {
          position = 'crc_low';
          return undefined;
        }
        // 10 02 inside a frame: the frame before was cut off, and this one begins.
        begin(byte);
        return { kind: 'broken', reason: 'framing' };
      case 'crc_low':
        crcLow = byte;
        position = 'crc_high';
        return undefined;
      case 'crc_high':
        return end(crcLow | (byte << 8));
      // A 06 or 15 in noise is the middle of a frame whose beginning was lost, never an answer to ours:
      // until the line is quiet (T1) only the beginning of a frame counts.
      case 'noise':
        if (byte === DLE) position = 'noise_after_dle';
        return undefined;
      case 'noise_after_dle':
        return begin(byte);
    }
  }

  function begin(byte: number): undefined {
    apdu = [];
    position = byte === STX ? 'inside' : 'noise';
  }

  function append(byte: number): FrameEvent | undefined {
    position = 'inside';
    apdu.push(byte);
    if (apdu.length <= maxApduLength) return undefined;
    position = 'noise';
    apdu = [];
    return { kind: 'broken', reason: 'too_long' };
  }

  function end(crc: number): FrameEvent {
    position = 'between';
    const bytes = Uint8Array.from(apdu);
    apdu = [];
    return crc16([...bytes, ETX]) === crc ? { kind: 'apdu', apdu: bytes } : { kind: 'broken', reason: 'crc' };
  }
}
