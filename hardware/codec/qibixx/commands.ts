import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import { encodeAmount } from './amount.ts';
import type { ReaderScale } from './amount.ts';
import type { QibixxError } from './error.ts';
import { unreadable } from './error.ts';

/** What a kiosk asks of the interface, as master of the bus (the maker's API: General, Configuration, Cashless Master). */
export type QibixxCommand =
  /** V */
  | { readonly kind: 'version' }
  /** D,0: the interface stops polling. */
  | { readonly kind: 'stop_master' }
  /** D,2: selection first, also called always idle. */
  | { readonly kind: 'start_master' }
  /** D,STATUS: the state, and what the reader said of itself. */
  | { readonly kind: 'status' }
  /** D,READER,1 and D,READER,0 */
  | { readonly kind: 'arm' }
  | { readonly kind: 'disarm' }
  /** D,REQ,<price>,<product>: minor units. MDB's item number; most readers take 0 to 255. */
  | { readonly kind: 'request'; readonly amount: number; readonly product: number }
  /** D,REQ,-1: calls off a request that waits for a card. */
  | { readonly kind: 'cancel_request' }
  /** D,END: the goods are given, the vend is final. Without a product: firmware before 3.8 knows none. */
  | { readonly kind: 'end' }
  /** D,END,-1: the vend failed, the reader gives the money back. */
  | { readonly kind: 'end_failed' }
  /** F,SERIAL,<baud>: by USB, once; kept in the interface. 0 turns RS-232 off. */
  | { readonly kind: 'set_serial'; readonly baudRate: number };

const texts = {
  version: 'V',
  stop_master: 'D,0',
  start_master: 'D,2',
  status: 'D,STATUS',
  arm: 'D,READER,1',
  disarm: 'D,READER,0',
  cancel_request: 'D,REQ,-1',
  end: 'D,END',
  end_failed: 'D,END,-1',
} as const satisfies Partial<Record<QibixxCommand['kind'], string>>;

export function encodeCommand(command: QibixxCommand, scale: ReaderScale): Result<Uint8Array, QibixxError> {
  const text = textOf(command, scale);
  return text.ok ? ok(new TextEncoder().encode(`${text.value}\r\n`)) : text;
}

function textOf(command: QibixxCommand, scale: ReaderScale): Result<string, QibixxError> {
  switch (command.kind) {
    case 'request': {
      const { product } = command;
      if (!Number.isSafeInteger(product) || product < 0 || product > 0xffff) return err(unreadable('malformed', 'a product number of MDB has 16 bits'));
      const price = encodeAmount(command.amount, scale);
      return price.ok ? ok(`D,REQ,${price.value},${product}`) : price;
    }
    case 'set_serial': {
      const { baudRate } = command;
      return Number.isSafeInteger(baudRate) && baudRate >= 0 ? ok(`F,SERIAL,${baudRate}`) : err(unreadable('malformed', 'no baud rate'));
    }
    default:
      return ok(texts[command.kind]);
  }
}
