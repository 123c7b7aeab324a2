import { control } from '../../codec/zvt/message.ts';

const names: ReadonlyMap<number, string> = new Map(Object.entries(control).map(([name, value]) => [value, name.toLowerCase().replaceAll('_', ' ')]));

/** "04 0f status information, 55 bytes": the control field only, never what it carries. */
export function describeApdu(apdu: Uint8Array): string {
  const [high = 0, low = 0] = apdu;
  const hex = [high, low].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const name = high === 0x84 ? 'answer' : (names.get((high << 8) | low) ?? 'unknown');
  return `${hex} ${name}, ${apdu.length} bytes`;
}
