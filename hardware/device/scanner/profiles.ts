import type { CharacterSet } from '../../codec/scanner/text.ts';

/** How a make is spoken to. Data, so that a new one is an entry and not a driver. */
export interface ScannerProfile {
  /** How it is triggered and how its codes come. `always_on`: nothing is sent to it. */
  readonly protocol: 'gm65' | 'serial_trigger' | 'ssi_packets' | 'ssi_raw' | 'always_on';
  readonly characterSet: CharacterSet;
  /** So long without a byte, and what came is whole or torn. USB adapters deliver every 16 ms. */
  readonly silenceMs: number;
  /** A code may come without a suffix. */
  readonly endsBySilence: boolean;
  /** How long the scanner looks for a code after one trigger, before it goes dark by itself. */
  readonly sessionMs: number;
  /** After a code, before it is triggered again: customers take the thing away meanwhile. */
  readonly pauseMs: number;
  /** The same code within this is still the same thing before the scanner. */
  readonly repeatMs: number;
  /** A scanner that answers commands answers within this. Missing: it answers nothing. */
  readonly answerMs?: number;
  /** After so long without a word it is asked whether it is still there. Missing: the protocol has no such question. */
  readonly heartbeatMs?: number;
}

const common = { characterSet: 'utf-8', silenceMs: 80, endsBySilence: true, pauseMs: 400, repeatMs: 1500 } as const;

/** By the names that the configuration uses. Session times are the makers' own defaults. */
export const scannerProfiles: Readonly<Record<string, ScannerProfile>> = {
  /** Grow GM65, GM66 and kin, in command mode. */
  gm65: { ...common, protocol: 'gm65', sessionMs: 5000, answerMs: 500, heartbeatMs: 10_000 },
  /** The same, set to send GBK, as many are sold in China. */
  'gm65-gbk': { ...common, protocol: 'gm65', characterSet: 'gbk', sessionMs: 5000, answerMs: 500, heartbeatMs: 10_000 },
  /** Honeywell 2D imagers, and Mindeo and Datalogic readers with the same serial trigger; they are set to a suffix of CR. */
  honeywell: { ...common, protocol: 'serial_trigger', endsBySilence: false, sessionMs: 30_000 },
  /** Zebra with SSI and "send packeted decode data". A packet tells its length, so that silence is only ever a fault. */
  'zebra-ssi': { ...common, protocol: 'ssi_packets', silenceMs: 500, sessionMs: 9900, answerMs: 1000 },
  /** Zebra with SSI as it comes from the factory: commands in packets, codes as they are. */
  'zebra-ssi-raw': { ...common, protocol: 'ssi_raw', sessionMs: 9900, answerMs: 1000 },
  /** Any scanner that reads by itself and sends lines. */
  lines: { ...common, protocol: 'always_on', sessionMs: 0 },
};
