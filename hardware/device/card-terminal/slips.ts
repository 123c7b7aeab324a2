import type { TerminalSlip } from '../../../domain/payment/slip.ts';
import { messageOf } from '../../../domain/contract/errors.ts';
import { MAX_SLIP_LINES, printedLineOf, slipOfTextBlock } from '../../codec/zvt/slip.ts';
import type { SlipLine } from '../../codec/zvt/slip.ts';
import type { Charset } from '../../codec/zvt/text.ts';
import type { ZvtMessage } from '../../codec/zvt/message.ts';
import type { TraceListener } from './trace.ts';

export type PrintMessage = ZvtMessage & { readonly kind: 'print_line' | 'print_text_block' };

export function isPrintMessage(message: ZvtMessage): message is PrintMessage {
  return message.kind === 'print_line' || message.kind === 'print_text_block';
}

export interface Slips {
  /** False where it is not taken: the printer cannot print, or nobody could take the slip down. The terminal is then answered 84 CC. */
  take(message: PrintMessage): boolean;
  /** What began by single lines is whole: the terminal goes on to something else. */
  end(): void;
  /** What single lines are from here on, since 06 D1 does not tell. */
  begin(kind: TerminalSlip['kind']): void;
}

export interface SlipsDeps {
  readonly charset: Charset;
  /** Asked for each line and block, where we have promised to print. */
  readonly canPrint: () => boolean;
  readonly trace: TraceListener;
  /** Each whole slip. */
  readonly tell: (slip: TerminalSlip) => void;
}

/** Print lines (06 D1) and text blocks (06 D3) as whole slips. */
export function createSlips({ charset, canPrint, trace, tell }: SlipsDeps): Slips {
  let kind: TerminalSlip['kind'] = 'customer';
  let lines: SlipLine[] = [];

  return {
    take(message) {
      if (!canPrint()) {
        trace({ kind: 'fault', detail: 'the printer cannot print: 84 CC' });
        return false;
      }
      if (message.kind === 'print_line') {
        const printed = printedLineOf(message.attribute, message.text, charset);
        lines = [...lines, ...printed.lines].slice(0, MAX_SLIP_LINES);
        return printed.isLast ? flush() : true;
      }
      const flushed = flush();
      const block = slipOfTextBlock(message.fields, charset);
      return (block ? told(block.slip) : true) && flushed;
    },
    end: () => void flush(),
    begin(next) {
      flush();
      kind = next;
    },
  };

  function flush(): boolean {
    if (lines.length === 0) return true;
    const slip = { kind, lines };
    lines = [];
    return told(slip);
  }

  function told(slip: TerminalSlip): boolean {
    try {
      tell(slip);
      return true;
    } catch (cause) {
      trace({ kind: 'fault', detail: `a slip was not taken down: ${messageOf(cause)}` });
      return false;
    }
  }
}
