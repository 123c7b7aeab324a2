import { createAnswerReader } from '../../hardware/codec/escpos/answers.ts';
import { encodeFrame, createFrameDecoder } from '../../hardware/codec/zvt/frame.ts';
import { decodeMessage } from '../../hardware/codec/zvt/decode.ts';
import { encodeMessage } from '../../hardware/codec/zvt/encode.ts';
import vectors from '../../hardware/codec/zvt/vectors.json' with { type: 'json' };

export interface FuzzedCodec {
  readonly name: string;
  /** It takes whole messages: a layer below has put them together. */
  readonly isWhole?: boolean;
  /** Frames as they should be: the noise is made from them. */
  readonly samples: () => readonly Uint8Array[];
  readonly create: () => {
    /** Takes bytes; answers how many whole things it understood. */
    push(bytes: Uint8Array): number;
    /** The line is quiet. */
    pause?(): void;
  };
}

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

export const codecs: readonly FuzzedCodec[] = [
  {
    name: 'zvt frames',
    samples: () => vectors.map(({ layer, hex: bytes }) => (layer === 'serial' ? hex(bytes) : encodeFrame(hex(bytes)))),
    create() {
      const decoder = createFrameDecoder();
      return {
        push: (bytes) => decoder.push(bytes).filter((event) => event.kind === 'apdu' && understands(event.apdu)).length,
        pause: decoder.reset,
      };
    },
  },
  {
    // Without the CRC that refuses nearly all noise before it is read.
    name: 'zvt messages',
    isWhole: true,
    samples: () => vectors.flatMap(({ layer, hex: bytes }) => (layer === 'serial' ? [] : [hex(bytes)])),
    create: () => ({ push: (bytes) => (understands(bytes) ? 1 : 0) }),
  },
  {
    name: 'escpos answers',
    samples: () => ['12121212', '16', '1a32127e', '10000000', '18000c00', '00', '0c', '1113'].map(hex),
    create() {
      const reader = createAnswerReader();
      return { push: (bytes) => reader.push(bytes).filter(({ kind }) => kind !== 'unknown').length, pause: reader.reset };
    },
  },
];

/** Reads it both ways; what it has read it can also write. */
function understands(apdu: Uint8Array): boolean {
  for (const awaiting of ['anything_else', 'status_enquiry'] as const) {
    const decoded = decodeMessage(apdu, awaiting);
    if (!decoded.ok) return false;
    encodeMessage(decoded.value);
  }
  return true;
}
