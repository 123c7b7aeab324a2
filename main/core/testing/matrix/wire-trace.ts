import { unpackNext } from '../../../../hardware/sim/zvt-terminal/bytes.ts';
import type { WireBytes } from './wire.ts';

/** One thing that went over the terminal's line, by its name and never by what it carries. */
export interface WireItem {
  readonly from: 'kiosk' | 'device';
  /** "ACK", "04 0f", "80 00". */
  readonly name: string;
  readonly bytes: number;
}

/** The line's traffic as items, in the order in which they ended. */
export function wireItems(passed: readonly WireBytes[]): readonly WireItem[] {
  const pending = { kiosk: [] as number[], device: [] as number[] };
  const items: WireItem[] = [];
  for (const { from, bytes } of passed) {
    const buffer = pending[from];
    buffer.push(...bytes);
    for (;;) {
      const before = buffer.length;
      const item = unpackNext(buffer);
      if (item.kind === 'more') break;
      const name = item.kind === 'apdu' ? item.apdu.slice(0, 2).map((byte) => byte.toString(16).padStart(2, '0')).join(' ') : item.kind.toUpperCase();
      items.push({ from, name, bytes: before - buffer.length });
    }
  }
  for (const from of ['kiosk', 'device'] as const) if (pending[from].length > 0) items.push({ from, name: 'unfinished', bytes: pending[from].length });
  return items;
}

/** What passed since the purchase (06 01) or the reversal (06 30) began, each a frame of its own; nothing where none did. */
export function sinceCommand(passed: readonly WireBytes[], command: 'purchase' | 'reversal'): readonly WireBytes[] {
  const instruction = command === 'purchase' ? 0x01 : 0x30;
  const at = passed.findIndex(({ from, bytes }) => from === 'kiosk' && bytes[0] === 0x10 && bytes[2] === 0x06 && bytes[3] === instruction);
  return at === -1 ? [] : passed.slice(at);
}

export function traceOf(passed: readonly WireBytes[]): string {
  return wireItems(passed).map(({ from, name, bytes }) => `${from === 'kiosk' ? '>' : '<'} ${name} (${bytes})`).join('  ');
}
