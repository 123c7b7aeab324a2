import { maxCodeLength } from '../../../domain/scan/scanned-code.ts';
import { findGm65Answer, findNoAnswer, findSsiAnswer } from '../../codec/scanner/answers.ts';
import { encodeGm65, gm65Stop, gm65Trigger } from '../../codec/scanner/gm65.ts';
import { serialStop, serialTrigger } from '../../codec/scanner/keystroke.ts';
import { createLineReader } from '../../codec/scanner/line-reader.ts';
import type { CodeReader } from '../../codec/scanner/reader.ts';
import { createSsiReader } from '../../codec/scanner/ssi-reader.ts';
import { ssiCommand, ssiOpcodes, ssiWake, ssiWakeMs } from '../../codec/scanner/ssi.ts';
import type { ScannerProfile } from './profiles.ts';

export interface ScannerProtocol {
  readonly trigger: Uint8Array;
  readonly stop: Uint8Array;
  readonly heartbeat?: Uint8Array;
  /** Sent before a command, and how long the scanner needs then. */
  readonly wake?: { readonly bytes: Uint8Array; readonly waitMs: number };
}

const ssi: ScannerProtocol = {
  trigger: ssiCommand(ssiOpcodes.startSession),
  stop: ssiCommand(ssiOpcodes.stopSession),
  wake: { bytes: ssiWake, waitMs: ssiWakeMs },
};

/** Undefined for a scanner that nothing is sent to. */
export function protocolOf({ protocol }: ScannerProfile): ScannerProtocol | undefined {
  switch (protocol) {
    case 'gm65':
      return { trigger: encodeGm65(gm65Trigger), stop: encodeGm65(gm65Stop), heartbeat: encodeGm65({ kind: 'heartbeat' }, 'checked') };
    case 'serial_trigger':
      return { trigger: serialTrigger, stop: serialStop };
    case 'ssi_packets':
    case 'ssi_raw':
      return ssi;
    case 'always_on':
      return undefined;
  }
}

const finders = { gm65: findGm65Answer, ssi_raw: findSsiAnswer, serial_trigger: findNoAnswer, always_on: findNoAnswer } as const;

export function readerOf({ protocol, characterSet, endsBySilence }: ScannerProfile): CodeReader {
  const maxBytes = maxCodeLength;
  if (protocol === 'ssi_packets') return createSsiReader({ characterSet, maxBytes });
  return createLineReader({ characterSet, maxBytes, endsBySilence, findAnswer: finders[protocol] });
}
