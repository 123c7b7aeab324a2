import type { CodedError } from '../../domain/contract/errors.ts';
import { describeError } from '../../domain/contract/errors.ts';
import type { LogLine } from '../../domain/contract/hq.ts';
import type { LogDraft } from '../store/logs/entry.ts';
import type { LogBook } from './log-book.ts';
import { redactFields, redactText } from './log-redact.ts';

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Structured: some fields have a meaning of their own. `source`: the part of the kiosk ("payments"; see `withSource`); `event`: what happened, as a short
 * name that stays when the words change ("payment.ended"); `order`: the order that it is about; `code`: of the registry of errors or of devices.
 * No customer's data: ids and codes, never phone numbers, card numbers, names or what somebody typed. What slips in all the same is taken out before any sink has it.
 */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** One clear error with its code. */
  error(error: CodedError, fields?: LogFields): void;
  /** Where the lines are kept on this machine; missing where they are only written out. */
  readonly book?: LogBook;
}

const maxMessage = 2_000;

/** Writes one JSON object a line, and gives the same to the book. @param now epoch milliseconds UTC */
export function createLog(writeLine: (line: string) => void, now: () => number, book?: LogBook): Log {
  function write(level: LogLine['level'], words: string, given: LogFields): void {
    const line = lineOf(now(), level, words, given);
    const { at, source, event, code, orderId, message, fields } = line;
    writeLine(JSON.stringify({ at: new Date(at).toISOString(), level, message, ...(code === undefined ? {} : { code }), ...fields, source, ...(event === undefined ? {} : { event }), ...(orderId === undefined ? {} : { order: orderId }) }));
    book?.take(line);
  }
  return {
    info: (message, fields = {}) => write('info', message, fields),
    warn: (message, fields = {}) => write('warn', message, fields),
    error: (error, fields) => write('error', describeError(error), { code: error.code, ...fields }),
    ...(book ? { book } : {}),
  };
}

/** The same log for one part of the kiosk: its lines say so, unless they say another. */
export function withSource(log: Log, source: string): Log {
  return {
    ...log,
    info: (message, fields) => log.info(message, { source, ...fields }),
    warn: (message, fields) => log.warn(message, { source, ...fields }),
    error: (error, fields) => log.error(error, { source, ...fields }),
  };
}

/** One line as it is kept: redacted, and what has a meaning of its own out of the fields. */
export function lineOf(at: number, level: LogLine['level'], words: string, given: LogFields): LogDraft {
  const { source, event, order, code, ...rest } = given;
  const fields = redactFields(rest);
  const isOrder = typeof order === 'string' && uuid.test(order);
  const ownCode = typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,59}$/.test(code) ? code : undefined;
  return {
    at, level,
    // Cut last: half a number must not slip through at the edge.
    message: redactText(words.slice(0, maxMessage * 10)).slice(0, maxMessage),
    source: typeof source === 'string' && shortName.test(source) ? source : sourceOf(ownCode),
    ...(typeof event === 'string' && shortName.test(event) ? { event } : {}),
    ...(ownCode === undefined ? {} : { code: ownCode }),
    ...(isOrder ? { orderId: String(order) } : {}),
    fields: { ...fields, ...(order !== undefined && !isOrder ? redactFields({ order }) : {}), ...(code !== undefined && ownCode === undefined ? redactFields({ code }) : {}) },
  };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const shortName = /^[a-z][a-z0-9_.-]{0,39}$/;

/** Where whoever logs does not say it, the code does. */
const sourcesByCode: readonly (readonly [RegExp, string])[] = [
  [/^(CONFIG|CATALOGUE)_/, 'configuration'],
  [/^(STORE|KEY|DISK)_/, 'store'],
  [/^(HQ|CLOCK|COMMAND|DOCUMENT)_/, 'sync'],
  [/^PAYMENT_/, 'payments'],
  [/^(PRINTER|TERMINAL|SCANNER|PORT|DEVICE)_/, 'devices'],
  [/^SPEECH_/, 'speech'],
  [/^CONTRACT_/, 'page'],
  [/^ORDER_/, 'orders'],
  [/^(STAFF|AUDIT|EXPORT|ATTENTION|DECISION)_/, 'staff'],
];

export function sourceOf(code: string | undefined): string {
  return (code !== undefined && sourcesByCode.find(([pattern]) => pattern.test(code))?.[1]) || 'kiosk';
}
