import { decodeAnswer } from '../../codec/qibixx/answers.ts';
import type { QibixxAnswer } from '../../codec/qibixx/answers.ts';
import { encodeCommand } from '../../codec/qibixx/commands.ts';
import type { QibixxCommand } from '../../codec/qibixx/commands.ts';
import { createLineDecoder } from '../../codec/qibixx/lines.ts';
import type { Transport } from '../../transport/transport.ts';
import type { MdbProfile } from './mdb-profiles.ts';
import type { TraceListener } from './trace.ts';

export type MdbEvent =
  /** `isOld`: it answers a D,STATUS, and another was asked since; or the answer to that one was lost. */
  | { readonly kind: 'answer'; readonly answer: QibixxAnswer; readonly isOld: boolean }
  /** A line came that cannot be read: what it said may be asked for again. */
  | { readonly kind: 'unreadable' }
  /** Nothing came in the time given. */
  | { readonly kind: 'silence' }
  /** Somebody here wants something: an abort, a time that is over. */
  | { readonly kind: 'woken' }
  | { readonly kind: 'lost'; readonly detail: string };

export type MdbSent =
  | { readonly kind: 'sent' }
  /** Certainly not one byte of it was handed to the line. */
  | { readonly kind: 'not_sent'; readonly detail: string }
  /** Some or all of it may be on the line. */
  | { readonly kind: 'uncertain'; readonly detail: string };

export interface MdbLink {
  send(command: QibixxCommand): Promise<MdbSent>;
  /** The oldest event that has not been read. One reader at a time. */
  next(timeoutMs: number): Promise<MdbEvent>;
  /** Everything that waits to be read, taken out. */
  drain(): readonly MdbEvent[];
  /** Lets whoever reads look up. */
  wake(): void;
  /** Nothing came for so long that no answer to an earlier D,STATUS is on its way any more. */
  forgetQuestions(): void;
  /** What comes while nobody has the word is told here at once, and not kept. */
  onUnasked(listener: (event: MdbEvent) => void): void;
  /** Somebody has the word from now on: events are kept for `next`. */
  begin(): void;
  end(): void;
  /** After a reopening nothing of before counts. */
  reset(): void;
  close(): void;
}

export interface MdbLinkDeps {
  readonly transport: Transport;
  readonly profile: MdbProfile;
  readonly trace: TraceListener;
}

/** More than a purchase can bring; a line that never stops talking grows nothing here. */
const mostWaiting = 200;

/** Lines out, typed answers in. */
export function createMdbLink({ transport, profile, trace }: MdbLinkDeps): MdbLink {
  const decoder = createLineDecoder();
  const waiting: MdbEvent[] = [];
  let reader: ((event: MdbEvent) => void) | undefined;
  let hasWord = false;
  /** D,STATUS that were sent and not answered. Lines keep their order, so that only the last answer is news. */
  let questions = 0;
  let unasked: (event: MdbEvent) => void = () => {};

  const stopData = transport.onData((bytes) => {
    for (const line of decoder.push(bytes)) {
      const answer = line.ok ? decodeAnswer(line.value, profile.currency) : line;
      if (answer.ok) trace({ kind: 'received', message: describeAnswer(answer.value) });
      else trace({ kind: 'fault', detail: answer.error.detail });
      tell(answer.ok ? { kind: 'answer', answer: answer.value, isOld: isOld(answer.value) } : { kind: 'unreadable' });
    }
  });
  const stopLost = transport.onLost((detail) => tell({ kind: 'lost', detail }));

  return {
    async send(command) {
      const bytes = encodeCommand(command, profile);
      if (!bytes.ok) return { kind: 'not_sent', detail: bytes.error.detail };
      trace({ kind: 'sent', message: command.kind, repeat: 0 });
      if (command.kind === 'status') questions += 1;
      const written = await transport.write(bytes.value, profile.answerMs);
      if (written.ok) return { kind: 'sent' };
      const detail = `${written.error.kind}: ${written.error.detail}`;
      trace({ kind: 'fault', detail });
      return { kind: written.error.kind === 'not_open' ? 'not_sent' : 'uncertain', detail };
    },
    next(timeoutMs) {
      const event = waiting.shift();
      if (event) return Promise.resolve(event);
      return new Promise((resolve) => {
        const timer = setTimeout(() => take({ kind: 'silence' }), timeoutMs);
        const take = (taken: MdbEvent) => {
          clearTimeout(timer);
          reader = undefined;
          resolve(taken);
        };
        reader = take;
      });
    },
    drain: () => waiting.splice(0),
    wake: () => hasWord && tell({ kind: 'woken' }),
    forgetQuestions: () => (questions = 0),
    onUnasked(listener) {
      unasked = listener;
    },
    begin() {
      hasWord = true;
      waiting.length = 0;
    },
    end() {
      hasWord = false;
      waiting.length = 0;
    },
    reset() {
      decoder.reset();
      questions = 0;
    },
    close() {
      stopData();
      stopLost();
      reader?.({ kind: 'lost', detail: 'closed' });
    },
  };

  function isOld(answer: QibixxAnswer): boolean {
    if (answer.kind !== 'status' || !answer.asked) return false;
    const isLast = questions <= 1;
    questions = Math.max(0, questions - 1);
    return !isLast;
  }

  function tell(event: MdbEvent): void {
    if (!hasWord) unasked(event);
    else if (reader) reader(event);
    else if (waiting.length < mostWaiting) waiting.push(event);
  }
}

/** Names and numbers of the protocol only. */
function describeAnswer(answer: QibixxAnswer): string {
  switch (answer.kind) {
    case 'version':
      return 'version';
    case 'status':
      return `${answer.status.kind}${answer.asked ? ', asked' : ''}`;
    case 'error':
      return `error: ${answer.reason}`;
    case 'setting':
      return answer.taken ? 'setting taken' : 'setting refused';
  }
}
