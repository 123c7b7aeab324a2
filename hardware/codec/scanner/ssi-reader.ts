import type { CodeReader, ReaderEvent, RefusedReason } from './reader.ts';
import { minSsiLength, parseSsi, ssiCommand, ssiOpcodes, ssiResend, ssiSources, ssiStatus } from './ssi.ts';
import type { SsiPacket } from './ssi.ts';
import type { CharacterSet } from './text.ts';
import { readText } from './text.ts';

export interface SsiReaderOptions {
  readonly characterSet: CharacterSet;
  readonly maxBytes: number;
}

/** Behind the code, where the scanner is set to add a suffix to its packets, too. */
const suffix = new Set([0x0d, 0x0a, 0x09]);

/**
 * Zebra with "send packeted decode data": each packet is acknowledged, one that came broken is asked for again, and one that
 * the scanner sends again because our ACK was lost is acknowledged and counted once.
 */
export function createSsiReader({ characterSet, maxBytes }: SsiReaderOptions): CodeReader {
  let packet: number[] = [];
  /** The data of the packets of one code so far. */
  let code: number[] = [];
  let last: Uint8Array | undefined;
  let isRubbish = false;

  return {
    push(bytes) {
      const events: ReaderEvent[] = [];
      for (const byte of bytes) take(byte, events);
      return events;
    },
    silence() {
      const events: ReaderEvent[] = [];
      // A packet that is cut short is asked for again, like a broken one. A code whose next packet does not come is given up.
      if (packet.length > 0) events.push({ kind: 'owed', bytes: ssiResend() });
      else if (code.length > 0) refuse('torn', events);
      packet = [];
      isRubbish = false;
      return events;
    },
    isPending: () => packet.length > 0 || code.length > 0 || isRubbish,
    reset() {
      packet = [];
      code = [];
      last = undefined;
      isRubbish = false;
    },
  };

  function take(byte: number, events: ReaderEvent[]): void {
    if (isRubbish) return;
    packet.push(byte);
    const length = packet[0]!;
    if (length < minSsiLength) return refuse('broken_packet', events);
    if (packet.length < length + 2) return;
    const bytes = Uint8Array.from(packet);
    packet = [];
    const read = parseSsi(bytes);
    if (!read) events.push({ kind: 'refused', reason: 'broken_packet' }, { kind: 'owed', bytes: ssiResend() });
    else if (read.source === ssiSources.decoder) takePacket(read, bytes, events);
  }

  function takePacket(read: SsiPacket, bytes: Uint8Array, events: ReaderEvent[]): void {
    switch (read.opcode) {
      case ssiOpcodes.acknowledged:
      case ssiOpcodes.refused:
        events.push({ kind: 'answer', taken: read.opcode === ssiOpcodes.acknowledged });
        return;
      case ssiOpcodes.event:
        events.push({ kind: 'owed', bytes: ssiCommand(ssiOpcodes.acknowledged) });
        return;
      case ssiOpcodes.decodeData:
        events.push({ kind: 'owed', bytes: ssiCommand(ssiOpcodes.acknowledged) });
        if ((read.status & ssiStatus.retransmit) !== 0 && last && sameData(last, bytes)) return;
        last = bytes;
        takeData(read, events);
    }
  }

  function takeData({ status, data }: SsiPacket, events: ReaderEvent[]): void {
    // The first byte is the kind of barcode.
    code.push(...data.subarray(1));
    if (code.length > maxBytes) return refuse('too_long', events);
    if ((status & ssiStatus.continues) !== 0) return;
    const whole = code;
    code = [];
    while (suffix.has(whole.at(-1) ?? -1)) whole.pop();
    const read = readText(Uint8Array.from(whole), characterSet);
    if (!read.ok) events.push({ kind: 'refused', reason: read.reason });
    else if (read.text !== '') events.push({ kind: 'code', text: read.text });
  }

  function refuse(reason: RefusedReason, events: ReaderEvent[]): void {
    packet = [];
    code = [];
    isRubbish = true;
    events.push({ kind: 'refused', reason });
  }
}

/** But for the status, which says that it is sent again, and the checksum over it. */
function sameData(before: Uint8Array, now: Uint8Array): boolean {
  return before.length === now.length && before.every((byte, index) => index === 3 || index >= before.length - 2 || byte === now[index]);
}
