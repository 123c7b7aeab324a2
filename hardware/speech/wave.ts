import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';
import type { Wave } from './port.ts';

/** The sound itself, as it stands in a WAVE file. */
export interface Samples {
  readonly hertz: number;
  /** Signed, 16 bits, little endian, one channel. */
  readonly pcm: Buffer;
}

/**
 * The samples of a WAVE file (RIFF; Multimedia Programming Interface and Data Specifications 1.0, section 3). A program that writes into a pipe cannot go back
 * to fill in the lengths: espeak-ng leaves 0x7ffff000 there, and the sound goes on to the end.
 */
export function readWave(file: Buffer): Result<Samples, string> {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') return err('no WAVE file');
  let hertz: number | undefined;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const from = at + 8;
    if (name === 'fmt ') {
      if (from + 16 > file.length) return err('a WAVE file without its format');
      const [coding, channels, bits] = [file.readUInt16LE(from), file.readUInt16LE(from + 2), file.readUInt16LE(from + 14)];
      if (coding !== 1 || channels !== 1 || bits !== 16) return err(`a WAVE file of coding ${coding}, ${channels} channels and ${bits} bits`);
      hertz = file.readUInt32LE(from + 4);
    } else if (name === 'data') {
      if (hertz === undefined) return err('a WAVE file without its format');
      const end = Math.min(from + length, file.length);
      return ok({ hertz, pcm: file.subarray(from, end - ((end - from) % 2)) });
    }
    // Chunks begin at even places.
    at = from + length + (length % 2);
  }
  return err('a WAVE file without sound');
}

/** One file of several pieces of the same rate, one after the other. */
export function writeWave(hertz: number, pieces: readonly Buffer[]): Wave {
  const pcm = Buffer.concat(pieces);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + pcm.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(hertz, 24);
  head.writeUInt32LE(hertz * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(pcm.length, 40);
  return { file: Buffer.concat([head, pcm]), durationMs: Math.round((pcm.length / 2 / hertz) * 1000) };
}
