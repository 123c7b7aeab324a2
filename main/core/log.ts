import type { CodedError } from '../../domain/contract/errors.ts';
import { describeError } from '../../domain/contract/errors.ts';

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** One JSON object a line. No customer's data: ids and codes, never phone numbers or card numbers. */
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** One clear error with its code. */
  error(error: CodedError, fields?: LogFields): void;
}

export function createLog(writeLine: (line: string) => void, now: () => number): Log {
  const write = (level: string, message: string, fields: LogFields = {}) =>
    writeLine(JSON.stringify({ at: new Date(now()).toISOString(), level, message, ...fields }));
  return {
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (error, fields) => write('error', describeError(error), { code: error.code, ...fields }),
  };
}
