import type { Database } from 'better-sqlite3';
import type { HqEventPayload } from '../../domain/contract/hq.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { Bilingual } from '../../domain/language.ts';
import { bilingualSchema } from '../../domain/language.ts';
import type { Emitter } from './emitter.ts';

/** A customer has asked for a person, and that is not over. */
export interface HelpCall {
  readonly id: string;
  readonly isAnswered: boolean;
  /** What HQ says to the customer. */
  readonly words: Bilingual | undefined;
}

export interface HelpStore {
  /** Not over, oldest first. More than one only in a store that was brought back. */
  open(): readonly HelpCall[];
  /** HQ hears of it, in the same transaction. */
  call(screen: string, orderId: OrderId | undefined): HelpCall;
  /** False where it is over, or never was. Within the transaction of the command that says so, or one of its own. */
  answer(id: string, words: Bilingual | undefined): boolean;
  /** HQ hears of it, in the same transaction; nothing where it is over. */
  end(id: string, by: HqEventPayload<'help.ended'>['by']): void;
}

interface Row { id: string; answered_at: number | null; words: string | null }

export function createHelpStore(database: Database, { emit, transaction }: Emitter, now: () => number, newId: () => string): HelpStore {
  const open = database.prepare<[], Row>('SELECT id, answered_at, words FROM help_calls ORDER BY called_at, id');
  const insert = database.prepare('INSERT INTO help_calls (id, called_at) VALUES (?, ?)');
  const answer = database.prepare('UPDATE help_calls SET answered_at = ?, words = ? WHERE id = ?');
  const remove = database.prepare('DELETE FROM help_calls WHERE id = ?');

  return {
    open: () => open.all().map(callOf),
    call: transaction((screen: string, orderId: OrderId | undefined) => {
      const id = newId();
      insert.run(id, now());
      emit('help.called', { callId: id, screen, ...(orderId ? { orderId } : {}) });
      return { id, isAnswered: false, words: undefined };
    }),
    answer: transaction((id: string, words: Bilingual | undefined) => answer.run(now(), words ? JSON.stringify(words) : null, id).changes > 0),
    end: transaction((id: string, by: HqEventPayload<'help.ended'>['by']) => {
      if (remove.run(id).changes > 0) emit('help.ended', { callId: id, by });
    }),
  };
}

function callOf({ id, answered_at: answeredAt, words }: Row): HelpCall {
  return { id, isAnswered: answeredAt !== null, words: words === null ? undefined : bilingualSchema.parse(JSON.parse(words)) };
}
