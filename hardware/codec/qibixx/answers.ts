import type { Currency } from '../../../domain/money.ts';
import type { Result } from '../../../domain/result.ts';
import { err, ok } from '../../../domain/result.ts';
import { decodeAmount } from './amount.ts';
import type { QibixxError } from './error.ts';
import { unreadable } from './error.ts';

/** Where the interface and its reader are (the maker's API, Cashless Master). */
export type ReaderStatus =
  | { readonly kind: 'off' }
  /** The master runs, no reader answers on the bus (yet). */
  | { readonly kind: 'reset' }
  /** The reader answers and is not armed. `alwaysIdle`: it can be asked first; undefined where the line does not say. */
  | { readonly kind: 'init'; readonly alwaysIdle: boolean | undefined }
  | { readonly kind: 'idle' }
  /** A card was presented before anything was asked for. What else the line says of it is dropped: it may name the card. */
  | { readonly kind: 'credit' }
  /** Asked for a payment, and waiting for the card. */
  | { readonly kind: 'vend' }
  /** Approved, and neither ended nor called off yet. Minor units. */
  | { readonly kind: 'approved'; readonly amount: number }
  /** By the bank, the reader, or the customer at the reader: MDB does not tell these apart. */
  | { readonly kind: 'denied' };

/** What the reader said of itself (MDB/ICP 4.3, 7.4.2). */
export interface ReaderSetup {
  readonly featureLevel: number;
  /** As the reader says it: 1 and the ISO 4217 number ("1978"), or 0 and a country's telephone code ("0049"). */
  readonly currencyCode: string;
  readonly scaleFactor: number;
  readonly decimals: number;
  /** The longest that it takes for an answer, in seconds. */
  readonly responseTimeS: number;
  /** 2: it can be asked first; 1: it cannot, whatever was asked of the interface. Undefined where the firmware does not say. */
  readonly mode?: 1 | 2;
}

export type QibixxAnswer =
  /** v,<firmware>,<processor id> */
  | { readonly kind: 'version'; readonly firmware: string }
  /** `setup` stands in the answer to D,STATUS only; what the interface tells by itself has none. */
  | { readonly kind: 'status'; readonly status: ReaderStatus; readonly setup?: ReaderSetup; readonly asked: boolean }
  /** The command does not fit the state (-1), or the master runs already. */
  | { readonly kind: 'error'; readonly reason: 'not_applicable' | 'already_on' | 'other' }
  /** f,ACK and f,NACK: a setting was taken or not. */
  | { readonly kind: 'setting'; readonly taken: boolean };

/** One line without its end. Never throws. */
export function decodeAnswer(line: string, currency: Currency): Result<QibixxAnswer, QibixxError> {
  const [device, what, ...rest] = line.split(',');
  if (device === 'v' && what) return ok({ kind: 'version', firmware: what });
  // The maker's own script looks for the capital D here and for the small one everywhere else.
  if ((device === 'd' || device === 'D') && what === 'ERR') return ok({ kind: 'error', reason: reasonOf(rest.join(',')) });
  if (device === 'f' && (what === 'ACK' || what === 'NACK')) return ok({ kind: 'setting', taken: what === 'ACK' });
  return device === 'd' && what === 'STATUS' ? statusLine(rest, currency) : err(unreadable('unknown', 'a line that is not of this protocol'));
}

function reasonOf(quoted: string): 'not_applicable' | 'already_on' | 'other' {
  const text = quoted.trim().replace(/^"|"$/g, '').trim();
  if (text === '-1') return 'not_applicable';
  return text === 'cashless master is on' ? 'already_on' : 'other';
}

function statusLine(fields: readonly string[], currency: Currency): Result<QibixxAnswer, QibixxError> {
  const mark = fields.indexOf('#');
  const asked = mark !== -1;
  const status = statusOf(asked ? fields.slice(0, mark) : fields, currency);
  if (!status.ok) return status;
  if (!asked) return ok({ kind: 'status', status: status.value, asked });
  const setup = setupOf(fields.slice(mark + 1));
  if (!setup.ok) return setup;
  return ok({ kind: 'status', status: status.value, asked, ...(setup.value ? { setup: setup.value } : {}) });
}

function statusOf([name = '', ...values]: readonly string[], currency: Currency): Result<ReaderStatus, QibixxError> {
  switch (name) {
    case 'OFF':
    case 'RESET':
    case 'IDLE':
    case 'VEND':
      return values.length === 0 ? ok({ kind: name.toLowerCase() as 'off' | 'reset' | 'idle' | 'vend' }) : err(unreadable('malformed', `${name} with more than its name`));
    case 'CREDIT':
      return ok({ kind: 'credit' });
    case 'INIT':
      if (values.length > 1 || !/^[01]?$/.test(values[0] ?? '')) return err(unreadable('malformed', 'INIT with a field that is neither 0 nor 1'));
      return ok({ kind: 'init', alwaysIdle: values[0] ? values[0] === '1' : undefined });
    case 'RESULT':
      return resultOf(values, currency);
    default:
      return err(unreadable('unknown', 'a status that is not known'));
  }
}

/** Strict on purpose: with no checksum on this line, a result that is not exactly one of the two is none. */
function resultOf(values: readonly string[], currency: Currency): Result<ReaderStatus, QibixxError> {
  const [result, text] = values;
  if (result === '-1' && values.length === 1) return ok({ kind: 'denied' });
  if (result !== '1' || values.length !== 2) return err(unreadable('malformed', 'a result that is neither an approval with its amount nor a denial'));
  const amount = decodeAmount(text ?? '', currency);
  return amount.ok ? ok({ kind: 'approved', amount: amount.value }) : amount;
}

/** Nothing behind the mark where no reader has told anything yet. */
function setupOf(fields: readonly string[]): Result<ReaderSetup | undefined, QibixxError> {
  if (fields.every((field) => field === '')) return ok();
  const [level = '', currencyCode = '', scale = '', decimals = '', time = '', flags = '', mode] = fields;
  const isNumber = [level, currencyCode, scale, decimals, time].every((field) => /^\d{1,6}$/.test(field)) && /^[\da-fA-F]{1,4}$/.test(flags);
  if (!isNumber || fields.length > 7 || (mode !== undefined && mode !== '1' && mode !== '2')) return err(unreadable('malformed', "a reader's set-up that cannot be"));
  return ok({
    featureLevel: Number(level),
    currencyCode: currencyCode.padStart(4, '0'),
    scaleFactor: Number(scale),
    decimals: Number(decimals),
    responseTimeS: Number(time),
    ...(mode ? { mode: Number(mode) as 1 | 2 } : {}),
  });
}
