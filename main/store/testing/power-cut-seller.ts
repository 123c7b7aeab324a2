import fs from 'node:fs';
import path from 'node:path';
import { boundWal, createCheckpointer } from '../checkpoints.ts';
import { makeDurable, openKeyed } from '../connection.ts';
import { createEmitter } from '../emitter.ts';
import type { Journal } from '../emitter.ts';
import { createJournal } from '../journal.ts';
import { openStore } from '../open.ts';
import { createSellerRig } from './seller-rig.ts';

/**
 * Sells without end with the real store and journal, and says on stdout what it has confirmed: free orders, paid ones, each step of their payments.
 * Arguments: the store's folder; and for showing that a power cut is noticed, `normal` (the store waits for no disk) or `lazy_journal` (the journal waits for none).
 */
export const powerCutKey = 'c7'.repeat(32);
/** The first letter is `o` for an order, else the state of its attempt. */
export type Said = readonly ['order' | 'started' | 'approved', string];

function sellOn(folder: string, weakness: string): void {
  const opened = openStore({ folder, keyHex: powerCutKey, keyProvider: 'test' });
  if (!opened.ok) throw new Error(`${opened.error.code}: ${opened.error.detail}`);
  const { database } = opened.value;
  boundWal(database);
  if (weakness === 'normal') database.pragma('synchronous = NORMAL');
  const strict = createJournal({ folder: path.join(folder, 'journal'), keyHex: powerCutKey, onProblem: (problem) => { throw new Error(JSON.stringify(problem)); } });
  const journal: Journal = weakness === 'lazy_journal' ? { append: (records) => strict.append(records, false) } : strict;
  const seller = createSellerRig(database, Date.now, (deps) => createEmitter({ ...deps, journal }));
  // As the store's worker does: the log goes into the main file on another connection.
  const file = path.join(folder, 'store.db');
  const worker = makeDurable(openKeyed({ file, keyHex: powerCutKey }));
  if (!worker.ok) throw new Error(worker.error.detail);
  const checkpointer = createCheckpointer({ database: worker.value, file, isQuiet: () => false, bounds: { pendingPages: 150, walBytes: 1024 * 1024, hardPages: 8_192 } });
  const say = (...said: Said) => void fs.writeSync(1, `${JSON.stringify(said)}\n`);

  for (let sale = 1; ; sale++) {
    say('order', seller.sell());
    const attempt = seller.startPaying();
    say('started', attempt.id);
    seller.approve(attempt);
    say('approved', attempt.id);
    if (sale % 5 === 0) checkpointer.tick();
  }
}

const [folder, weakness = 'none'] = process.argv.slice(2);
if (import.meta.main && folder !== undefined) sellOn(folder, weakness);
