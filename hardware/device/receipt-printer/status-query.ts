import { askStatus, statusQuestions } from '../../codec/escpos/commands.ts';
import type { StatusAnswers } from '../../codec/escpos/status.ts';
import { parseStatus } from '../../codec/escpos/status.ts';
import type { Transport } from '../../transport/transport.ts';
import type { Inbox } from './inbox.ts';
import type { PrinterState } from './port.ts';
import { stateOf } from './state.ts';

export interface StatusQueryOptions {
  readonly transport: Transport;
  readonly inbox: Inbox;
  /** How long a printer may take for one answer to DLE EOT. */
  readonly answerMs: number;
}

const attempts = 3;
/** An answer later than this will never come. */
const graceMs = 1500;

/**
 * Asks DLE EOT 1-4, one after the other. The answers carry no number, so a late one would pass for the answer to the next
 * question. Therefore: what is there before a question is dropped; and once anything was late, surplus or rubbish, the line
 * is not trusted until every late answer has had its time, and a round of questions brought four answers and not one byte more.
 */
export function createStatusQuery(options: StatusQueryOptions): () => Promise<PrinterState> {
  const { transport, inbox, answerMs } = options;
  let trusted = true;
  let askedAt = Number.NEGATIVE_INFINITY;

  return async () => {
    let detail = 'answers do not match the questions';
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      // One answer too many may have pushed each of the last round to the next question.
      if (inbox.discard('status') > 0) trusted = false;
      if (!trusted) await silence();
      inbox.takeRubbish();
      inbox.discard('status');
      const round = await askAll();
      if ('state' in round) return round.state;
      const surplus = trusted ? 0 : await lateAnswers();
      const rubbish = inbox.takeRubbish();
      if (round.surplus + surplus === 0 && rubbish === '') {
        trusted = true;
        return stateOf(parseStatus(round.answers));
      }
      trusted = false;
      if (rubbish !== '') detail = `no status: ${rubbish}`;
    }
    return { kind: 'no_answer', detail };
  };

  async function askAll(): Promise<{ answers: StatusAnswers; surplus: number } | { state: PrinterState }> {
    const bytes: number[] = [];
    let surplus = 0;
    for (const question of statusQuestions) {
      surplus += inbox.discard('status');
      askedAt = performance.now();
      const written = await transport.write(askStatus(question), answerMs);
      if (!written.ok) {
        trusted = false;
        if (!transport.isOpen()) return { state: { kind: 'unplugged', detail: written.error.detail } };
        return { state: { kind: 'no_answer', detail: written.error.detail } };
      }
      const answer = await inbox.next('status', answerMs);
      if (answer === undefined) {
        trusted = false;
        if (!transport.isOpen()) return { state: { kind: 'unplugged', detail: 'line lost' } };
        const rubbish = inbox.takeRubbish();
        return { state: { kind: 'no_answer', detail: rubbish === '' ? 'silence' : `no status: ${rubbish}` } };
      }
      bytes.push(answer.byte);
    }
    const [printer = 0, offline = 0, error = 0, paper = 0] = bytes;
    return { answers: [printer, offline, error, paper], surplus };
  }

  async function lateAnswers(): Promise<number> {
    await pause(answerMs);
    return inbox.discard('status');
  }

  /** Until the last question is too old to be answered and nothing came for `answerMs`, but not for ever: rubbish may never end. */
  async function silence(): Promise<void> {
    await pause(Math.max(0, graceMs - (performance.now() - askedAt)));
    for (let turn = 0; turn < 4; turn += 1) {
      const quietFor = performance.now() - inbox.lastByteAt();
      if (quietFor >= answerMs) return;
      await pause(answerMs - quietFor);
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
