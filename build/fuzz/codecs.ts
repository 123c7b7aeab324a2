import { createAnswerReader } from '../../hardware/codec/escpos/answers.ts';
import { findGm65Answer, findSsiAnswer } from '../../hardware/codec/scanner/answers.ts';
import { parseGm65 } from '../../hardware/codec/scanner/gm65.ts';
import { createLineReader } from '../../hardware/codec/scanner/line-reader.ts';
import type { CodeReader } from '../../hardware/codec/scanner/reader.ts';
import { createSsiReader } from '../../hardware/codec/scanner/ssi-reader.ts';
import { createApduDecoder } from '../../hardware/codec/zvt/apdu-stream.ts';
import { encodeFrame, createFrameDecoder } from '../../hardware/codec/zvt/frame.ts';
import { decodeAnswer } from '../../hardware/codec/qibixx/answers.ts';
import { createLineDecoder } from '../../hardware/codec/qibixx/lines.ts';
import { decodeMessage } from '../../hardware/codec/zvt/decode.ts';
import { encodeMessage } from '../../hardware/codec/zvt/encode.ts';
import { displayTextOf, printedLineOf, slipOfTextBlock } from '../../hardware/codec/zvt/slip.ts';
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
    name: 'zvt over tcp',
    samples: () => vectors.flatMap(({ layer, hex: bytes }) => (layer === 'serial' ? [] : [hex(bytes)])),
    create() {
      const decoder = createApduDecoder();
      return {
        push(bytes) {
          const { apdus, outOfStep } = decoder.push(bytes);
          // As the driver does: the line is opened anew.
          if (outOfStep) decoder.reset();
          return apdus.filter(understands).length;
        },
        pause: decoder.reset,
      };
    },
  },
  {
    name: 'escpos answers',
    samples: () => ['12121212', '16', '1a32127e', '10000000', '18000c00', '00', '0c', '1113'].map(hex),
    create() {
      const reader = createAnswerReader();
      return { push: (bytes) => reader.push(bytes).filter(({ kind }) => kind !== 'unknown').length, pause: reader.reset };
    },
  },
  {
    name: 'qibixx answers',
    samples: () => ['v,2.0.9,1234567890', 'd,STATUS,RESET', 'd,STATUS,INIT,1', 'd,STATUS,IDLE', 'd,STATUS,VEND', 'd,STATUS,RESULT,1,12.50', 'd,STATUS,RESULT,-1', 'd,ERR,"-1"'].map((line) => Buffer.from(`${line}\r\n`)),
    create() {
      const decoder = createLineDecoder();
      return { push: (bytes) => decoder.push(bytes).filter((line) => line.ok && decodeAnswer(line.value, 'CNY').ok).length, pause: decoder.reset };
    },
  },
  {
    name: 'scanner lines',
    samples: () => scannerLines,
    create: () => reading(createLineReader({ characterSet: 'utf-8', maxBytes: 1024, endsBySilence: true, findAnswer: findGm65Answer })),
  },
  {
    name: 'scanner lines of a zebra',
    samples: () => [...scannerLines, hex('04d00000ff2c'), hex('05d1000002ff28')],
    create: () => reading(createLineReader({ characterSet: 'gbk', maxBytes: 1024, endsBySilence: false, findAnswer: findSsiAnswer })),
  },
  {
    name: 'scanner packets',
    samples: () => ['06f300000b41febb', '06f30000f141fdd5', '06f30002f141fdd3', '06f30001f141fdd4', '04d00000ff2c', '05f6000001ff04', '05d1000002ff28'].map(hex),
    create: () => reading(createSsiReader({ characterSet: 'utf-8', maxBytes: 1024 })),
  },
  {
    name: 'scanner commands',
    isWhole: true,
    samples: () => ['7e000801000201abcd', '7e000901000000dec8', '7e000802002a3901a7ea', '7e000701002a02d80f', '7e000a01000000301a'].map(hex),
    create: () => ({ push: (bytes) => (parseGm65(bytes) ? 1 : 0) }),
  },
];

const scannerLines = ['39353234303234303030313730', '393532343032343030303137300d', '68747470733a2f2f73686f702e6578616d706c652f722f41620d0a', '02000001003331', '03000001003331', 'e58f96e8b4a70d'].map(hex);

function reading(reader: CodeReader): ReturnType<FuzzedCodec['create']> {
  return { push: (bytes) => reader.push(bytes).filter(({ kind }) => kind === 'code' || kind === 'answer').length, pause: () => void reader.silence() };
}

/** Reads it both ways; what it has read it can also write. */
function understands(apdu: Uint8Array): boolean {
  for (const awaiting of ['anything_else', 'status_enquiry'] as const) {
    const decoded = decodeMessage(apdu, awaiting);
    if (!decoded.ok) return false;
    const message = decoded.value;
    encodeMessage(message);
    if (message.kind === 'print_line') printedLineOf(message.attribute, message.text, 'cp437');
    else if (message.kind === 'print_text_block') slipOfTextBlock(message.fields, 'utf-8');
    else if ('fields' in message) displayTextOf(message.fields, 'latin-1');
  }
  return true;
}
