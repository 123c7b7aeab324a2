import { marker } from '../../codec/escpos/commands.ts';

/**
 * Where in a job's bytes no command is open and a line has just been printed, as far as the commands are known: what comes
 * behind an unknown one is left alone. Lengths from the Epson TM-T88III specification.
 */
export function lineEnds(bytes: Uint8Array): readonly number[] {
  const ends: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = commandLength(bytes, at);
    if (length === undefined) break;
    const [first, second] = [bytes[at], bytes[at + 1]];
    at += length;
    const feeds = first === 0x0a || (first === 0x1b && (second === 0x64 || second === 0x4a)) || (first === 0x1d && (second === 0x76 || second === 0x6b));
    if (feeds && at < bytes.length) ends.push(at);
  }
  return ends;
}

/** Parameter bytes by the command's two bytes: ESC, GS and FS with a fixed number of them. */
const parameters: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  0x1b: { '@': 0, '!': 1, a: 1, E: 1, G: 1, d: 1, J: 1, t: 1, R: 1, '2': 0, '3': 1, '-': 1, M: 1, ' ': 1, i: 0, m: 0 },
  0x1d: { '!': 1, B: 1, H: 1, f: 1, h: 1, w: 1, r: 1, a: 1 },
  0x1c: { '&': 0, '.': 0, '!': 1, W: 1, p: 2 },
};

function commandLength(bytes: Uint8Array, at: number): number | undefined {
  const byte = (offset: number): number => bytes[at + offset] ?? 0;
  const word = (offset: number): number => byte(offset) + byte(offset + 1) * 256;
  const first = byte(0);
  // Half a Chinese character is never below 40 and so no control code: text needs no closer look.
  if (first !== 0x1b && first !== 0x1d && first !== 0x1c) return first === 0x10 ? undefined : 1;
  const letter = String.fromCharCode(byte(1));
  const fixed = parameters[first]?.[letter];
  if (fixed !== undefined) return 2 + fixed;
  if (first !== 0x1d) return undefined;
  if (letter === 'V') return byte(2) >= 65 ? 4 : 3;
  if (letter === '(') return 5 + word(3);
  if (letter === 'v') return 8 + word(4) * word(6);
  if (letter === 'k' && byte(2) >= 65) return 4 + byte(3);
  return undefined;
}

/**
 * An answer to GS r is one byte, and 00 is also what a line brings that is switched off or badly shielded. Only after as many
 * answers as there were markers is a receipt printed: all but one of those behind the cut may be strays.
 */
const endMarkers = 4;
/** About so many bytes lie between two markers on the way. */
const waypointBytes = 256;

/** A job with its markers, ready for the line. */
export interface MarkedJob {
  readonly bytes: Uint8Array;
  /** Where each marker ends, in order. Those before the last four are on the way. */
  readonly markers: readonly number[];
  /** Where each pulse ends. */
  readonly pulses: readonly number[];
}

export interface MarkOptions {
  /** Sent behind each ESC @ that is known: what ESC @ has ended. */
  readonly afterInitialise: Uint8Array;
  /** Behind each marker on the way: a real-time question, or nothing. */
  readonly pulse: Uint8Array;
}

/**
 * Puts GS r between the lines of a job and four behind it. Those on the way say how far the printer is, so that no more goes out
 * than its buffer holds; and they are lost with everything else when the printer lost its power in the middle of a
 * job and, back again, would answer those at the end.
 */
export function markJob(bytes: Uint8Array, { afterInitialise, pulse }: MarkOptions): MarkedJob {
  const parts: Uint8Array[] = [];
  const markers: number[] = [];
  const pulses: number[] = [];
  let length = 0;
  const put = (part: Uint8Array): void => {
    parts.push(part);
    length += part.length;
  };
  const mark = (): void => {
    put(marker());
    markers.push(length);
  };
  let from = 0;
  if (bytes[0] === 0x1b && bytes[1] === 0x40) {
    put(bytes.subarray(0, 2));
    put(afterInitialise);
    from = 2;
  }
  for (const end of lineEnds(bytes)) {
    if (end - from < waypointBytes) continue;
    put(bytes.subarray(from, end));
    mark();
    if (pulse.length > 0) {
      put(pulse);
      pulses.push(length);
    }
    from = end;
  }
  put(bytes.subarray(from));
  // cut() of node-thermal-printer has added an ESC @.
  put(afterInitialise);
  for (let count = 0; count < endMarkers; count += 1) mark();

  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return { bytes: whole, markers, pulses };
}
