import type { DownAnswer } from '../../../domain/contract/hq-down.ts';
import { laneSchema } from '../../../domain/contract/hq.ts';
import type { ProofResult } from '../../contract/console.ts';
import type { Queries } from '../database.ts';

const proofsAtOnce = 20;
const groupsAtOnce = 20;
const sequencesAtOnce = 500;

/**
 * What HQ asks a kiosk for again, because a closed day does not fit its rows: missing events and the ones behind them (which nothing here proves), those that
 * differ and the ones before them (whichever of the two was changed), and those whose tables differ. For `resend` of POST /api/kiosk/down.
 */
export async function resendWanted(sql: Queries, kioskId: string): Promise<DownAnswer['resend']> {
  const rows = await sql<{ result: ProofResult }[]>`
    select result from proofs where kiosk_id = ${kioskId} and state = 'red' and result is not null order by closed_at desc, event_id desc limit ${proofsAtOnce}`;
  const wanted = new Map<string, Set<number>>();
  const want = (lane: string, epoch: number, sequence: number) => {
    if (sequence < 1) return;
    const key = `${lane} ${epoch}`;
    wanted.set(key, (wanted.get(key) ?? new Set()).add(sequence));
  };
  for (const { result } of rows) {
    for (const { lane, epoch, sequences } of result.missing) for (const sequence of sequences) [sequence, sequence + 1].forEach((one) => want(lane, epoch, one));
    for (const { lane, epoch, sequences } of result.differing) for (const sequence of sequences) [sequence - 1, sequence].forEach((one) => want(lane, epoch, one));
    for (const { lane, epoch, sequence } of result.projections) want(lane, epoch, sequence);
  }
  return [...wanted].slice(0, groupsAtOnce).flatMap(([key, sequences]) => {
    const [lane = '', epoch = ''] = key.split(' ');
    const known = laneSchema.safeParse(lane);
    return known.success ? [{ lane: known.data, epoch: Number(epoch), sequences: [...sequences].toSorted((a, b) => a - b).slice(0, sequencesAtOnce) }] : [];
  });
}
