import { err, ok } from '../../../domain/result.ts';
import type { Result } from '../../../domain/result.ts';
import { decodeApdu } from './apdu.ts';
import { BMP } from './bmp.ts';
import { hexOf } from './bytes.ts';
import type { ZvtError } from './error.ts';
import { decodeFields } from './fields.ts';
import type { Field } from './fields.ts';
import { maskCardNumbersInText } from './mask.ts';
import { control } from './message.ts';
import type { ZvtMessage } from './message.ts';
import { decodeVarLength } from './var-length.ts';

/** A 06 0F is read by what was asked: after 05 01 it carries version and status, else fields. */
export type Asked = 'status_enquiry' | 'anything_else';

type Decoded = Result<ZvtMessage, ZvtError>;

const malformedPassword: Decoded = err({ kind: 'malformed_field', bmp: BMP.PASSWORD, detail: 'password: not six digits' });

function isPassword(hex: string): boolean {
  return /^[0-9]{6}$/.test(hex);
}

export function decodeMessage(bytes: Uint8Array, asked: Asked = 'anything_else'): Decoded {
  const apdu = decodeApdu(bytes);
  if (!apdu.ok) return apdu;
  const { data } = apdu.value;
  if (apdu.value.control >>> 8 === 0x84) {
    const code = apdu.value.control & 0xff;
    const [resultCode] = data;
    if (code === (control.ABORT & 0xff) && resultCode !== undefined) {
      return withFields(data.subarray(1), (fields) => ({ kind: 'answer', code, resultCode, fields }));
    }
    return withFields(data, (fields) => ({ kind: 'answer', code, fields }));
  }
  switch (apdu.value.control) {
    case control.POSITIVE:
      return withFields(data, (fields) => ({ kind: 'positive', fields }));
    case control.REGISTRATION:
      return decodeRegistration(data);
    case control.AUTHORISATION:
      return withFields(data, (fields) => ({ kind: 'authorisation', fields }));
    case control.LOG_OFF:
      return withFields(data, (fields) => ({ kind: 'log_off', fields }));
    case control.STATUS_ENQUIRY:
      if (data.length === 0) return ok({ kind: 'status_enquiry', fields: [] });
      return withPassword(data, (password, fields) => ({ kind: 'status_enquiry', password, fields }));
    case control.REPEAT_RECEIPT:
      return withPassword(data, (password, fields) => ({ kind: 'repeat_receipt', password, fields }));
    case control.REVERSAL:
      return withPassword(data, (password, fields) => ({ kind: 'reversal', password, fields }));
    case control.REFUND:
      return withPassword(data, (password, fields) => ({ kind: 'refund', password, fields }));
    case control.END_OF_DAY:
      return withPassword(data, (password, fields) => ({ kind: 'end_of_day', password, fields }));
    case control.INITIALISATION:
      return withPassword(data, (password, fields) => ({ kind: 'initialisation', password, fields }));
    case control.RESET:
      return withFields(data, (fields) => ({ kind: 'reset', fields }));
    case control.SET_DATE_AND_TIME:
      return withFields(data, (fields) => ({ kind: 'set_date_and_time_in_terminal', fields }));
    case control.DIAGNOSIS:
      return withFields(data, (fields) => ({ kind: 'diagnosis', fields }));
    case control.ABORT_COMMAND:
      return withFields(data, (fields) => ({ kind: 'abort_command', fields }));
    case control.DISPLAY_TEXT:
      return withFields(data, (fields) => ({ kind: 'display_text', fields }));
    case control.STATUS_INFORMATION:
      return withFields(data, (fields) => ({ kind: 'status_information', fields }));
    case control.INTERMEDIATE_STATUS:
      return decodeIntermediateStatus(data);
    case control.COMPLETION:
      return asked === 'status_enquiry' ? decodeStatusCompletion(data) : withFields(data, (fields) => ({ kind: 'completion', fields }));
    case control.ABORT:
      return decodeAbort(data);
    case control.PRINT_LINE:
      return decodePrintLine(data);
    case control.PRINT_TEXT_BLOCK:
      return withFields(data, (fields) => ({ kind: 'print_text_block', fields }));
    case control.SET_DATE_AND_TIME_IN_ECR:
      return withFields(data, (fields) => ({ kind: 'set_date_and_time', fields }));
    default:
      return err({ kind: 'unknown_message', control: apdu.value.control, detail: `control field ${apdu.value.control.toString(16).padStart(4, '0')}` });
  }
}

function withFields(data: Uint8Array, build: (fields: readonly Field[]) => ZvtMessage): Decoded {
  const fields = decodeFields(data);
  return fields.ok ? ok(build(fields.value)) : fields;
}

function withPassword(data: Uint8Array, build: (password: string, fields: readonly Field[]) => ZvtMessage): Decoded {
  if (data.length < 3) return incompleteBody('password');
  const password = hexOf(data.subarray(0, 3));
  if (!isPassword(password)) return malformedPassword;
  return withFields(data.subarray(3), (fields) => build(password, fields));
}

/** pw(3) config [currency 2] fields: a currency is there unless the next byte is one of the two fields that may follow. */
function decodeRegistration(data: Uint8Array): Decoded {
  const configByte = data[3];
  if (configByte === undefined) return incompleteBody('password and config byte');
  const password = hexOf(data.subarray(0, 3));
  if (!isPassword(password)) return malformedPassword;
  const next = data[4];
  if (next === undefined || next === BMP.SERVICE_BYTE || next === BMP.TLV_CONTAINER) {
    return withFields(data.subarray(4), (fields) => ({ kind: 'registration', password, configByte, fields }));
  }
  if (data.length < 6) return incompleteBody('currency code');
  const currencyCode = hexOf(data.subarray(4, 6));
  return withFields(data.subarray(6), (fields) => ({ kind: 'registration', password, configByte, currencyCode, fields }));
}

/**
 * code [T4 in minutes] [TLV]. PA00P015 prints an example without the time-out before its TLV container, and some terminals
 * do the same: so read only where it cannot be read with one.
 */
function decodeIntermediateStatus(data: Uint8Array): Decoded {
  const [code, timeoutMinutes] = data;
  if (code === undefined) return incompleteBody('status code');
  if (timeoutMinutes === undefined) return ok({ kind: 'intermediate_status', code, fields: [] });
  const read = withFields(data.subarray(2), (fields) => ({ kind: 'intermediate_status', code, timeoutMinutes, fields }));
  if (read.ok || timeoutMinutes !== BMP.TLV_CONTAINER) return read;
  const withoutTimeout = withFields(data.subarray(1), (fields) => ({ kind: 'intermediate_status', code, fields }));
  return withoutTimeout.ok ? withoutTimeout : read;
}

/** [LLLVAR software version] status [TLV] (PA00P015, 2.55). */
function decodeStatusCompletion(data: Uint8Array): Decoded {
  const versionLength = decodeVarLength(data, 0, 3);
  const versionEnd = versionLength.ok ? 3 + versionLength.value : 0;
  if (versionEnd > data.length) return incompleteBody('software version');
  const version = versionLength.ok ? { softwareVersion: maskCardNumbersInText(data.slice(3, versionEnd)) } : {};
  const terminalStatus = data[versionEnd];
  if (terminalStatus === undefined) return ok({ kind: 'status_completion', ...version, fields: [] });
  return withFields(data.subarray(versionEnd + 1), (fields) => ({ kind: 'status_completion', ...version, terminalStatus, fields }));
}

/** Seen in the field without its result code. */
function decodeAbort(data: Uint8Array): Decoded {
  const resultCode = data[0];
  if (resultCode === undefined) return ok({ kind: 'abort', fields: [] });
  return withFields(data.subarray(1), (fields) => ({ kind: 'abort', resultCode, fields }));
}

/** Attribute and text; some terminals put a TLV container behind it, which here is text as well: the length of the text is nowhere told. */
function decodePrintLine(data: Uint8Array): Decoded {
  const attribute = data[0];
  if (attribute === undefined) return incompleteBody('attribute');
  return ok({ kind: 'print_line', attribute, text: maskCardNumbersInText(data.slice(1)) });
}

function incompleteBody(what: string): Decoded {
  return err({ kind: 'incomplete', detail: `${what} missing` });
}
