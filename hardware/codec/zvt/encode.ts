import { encodeApdu } from './apdu.ts';
import { bytesOf, concat } from './bytes.ts';
import { encodeFields } from './fields.ts';
import { control } from './message.ts';
import type { Password, ZvtMessage, ZvtMessageKind } from './message.ts';
import { encodeVarLength } from './var-length.ts';

const controls: { readonly [Kind in Exclude<ZvtMessageKind, 'answer'>]: number } = {
  registration: control.REGISTRATION,
  authorisation: control.AUTHORISATION,
  log_off: control.LOG_OFF,
  status_enquiry: control.STATUS_ENQUIRY,
  repeat_receipt: control.REPEAT_RECEIPT,
  reversal: control.REVERSAL,
  refund: control.REFUND,
  end_of_day: control.END_OF_DAY,
  initialisation: control.INITIALISATION,
  reset: control.RESET,
  set_date_and_time_in_terminal: control.SET_DATE_AND_TIME,
  diagnosis: control.DIAGNOSIS,
  abort_command: control.ABORT_COMMAND,
  display_text: control.DISPLAY_TEXT,
  status_information: control.STATUS_INFORMATION,
  intermediate_status: control.INTERMEDIATE_STATUS,
  completion: control.COMPLETION,
  status_completion: control.COMPLETION,
  abort: control.ABORT,
  print_line: control.PRINT_LINE,
  print_text_block: control.PRINT_TEXT_BLOCK,
  set_date_and_time: control.SET_DATE_AND_TIME_IN_ECR,
  positive: control.POSITIVE,
};

/** Throws on a value that no APDU can hold (a password of five digits, 40 KB of text): it is ours, so that is a bug. */
export function encodeMessage(message: ZvtMessage): Uint8Array {
  const controlField = message.kind === 'answer' ? 0x8400 | message.code : controls[message.kind];
  return encodeApdu({ control: controlField, data: concat([head(message), tail(message)]) });
}

/** What stands before the fields. */
function head(message: ZvtMessage): Uint8Array {
  switch (message.kind) {
    case 'registration':
      return concat([passwordBytes(message.password), [message.configByte], bytesOf(message.currencyCode ?? '')]);
    case 'status_enquiry':
      return message.password === undefined ? new Uint8Array() : passwordBytes(message.password);
    case 'repeat_receipt':
    case 'reversal':
    case 'refund':
    case 'end_of_day':
    case 'initialisation':
      return passwordBytes(message.password);
    case 'intermediate_status':
      return Uint8Array.from(message.timeoutMinutes === undefined ? [message.code] : [message.code, message.timeoutMinutes]);
    case 'status_completion': {
      const version = message.softwareVersion;
      return concat([
        version ? concat([encodeVarLength(version.length, 3), version]) : [],
        message.terminalStatus === undefined ? [] : [message.terminalStatus],
      ]);
    }
    case 'abort':
    case 'answer':
      return Uint8Array.from(message.resultCode === undefined ? [] : [message.resultCode]);
    case 'print_line':
      return concat([[message.attribute], message.text]);
    default:
      return new Uint8Array();
  }
}

function tail(message: ZvtMessage): Uint8Array {
  return message.kind === 'print_line' ? new Uint8Array() : encodeFields(message.fields);
}

function passwordBytes(password: Password): Uint8Array {
  if (!/^[0-9]{6}$/.test(password)) throw new Error('zvt: a password has six digits');
  return bytesOf(password);
}
