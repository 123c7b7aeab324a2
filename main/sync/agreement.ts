import type { Lane, Mark } from '../../domain/contract/hq.ts';
import type { Result } from '../../domain/result.ts';
import { ok } from '../../domain/result.ts';
import type { Outbox, Place } from '../store/outbox.ts';
import type { HqClient, HqFailure, InSession } from './hq-client.ts';

/** What HQ and the store have in common of a lane, where HQ's mark alone does not tell. */
export interface Agreement {
  /** Behind it HQ may have what the store has not. */
  readonly fork: Place;
  /**
   * What HQ does not have any more of what it had acknowledged and the store keeps: nothing; perhaps all behind this event of the lane's epoch; or perhaps all of it
   * (`unknown`).
   */
  readonly lacks: 'nothing' | 'unknown' | { readonly behind: number };
}

export interface AgreementDeps {
  readonly outbox: Pick<Outbox, 'keptUpTo'>;
  readonly client: Pick<HqClient, 'history'>;
}

export interface AgreementQuestion {
  readonly lane: Lane;
  /** Up to there HQ has said that it has everything. */
  readonly acknowledged: Place;
  /** Where HQ says it stands; undefined where it knows nothing of the lane. */
  readonly theirs: Pick<Mark, 'epoch' | 'acknowledged' | 'head'> | undefined;
  readonly session: InSession;
  readonly stop?: AbortSignal | undefined;
}

/** How much further back HQ is asked at first; then four times as far each time, so that a year of events takes some eight small questions. */
const firstStep = 500;
const widening = 4;

/**
 * Another machine with this identity, or a later life of this store, has written at HQ; and HQ may have been restored before it did. Then HQ's mark is far on, and what it had
 * acknowledged to this store may be gone all the same. Only HQ's own rows tell: an event with our hash stands for all before it by its chain, and no epoch is begun before HQ has what
 * came before. So the newest is asked for that HQ had acknowledged and is kept, and where HQ has something else there, one further back. One question where nothing is lost, none where
 * HQ's mark is that very event. What HQ refuses to tell is not known to be there.
 */
export async function findAgreement({ outbox, client }: AgreementDeps, { lane, acknowledged, theirs, session, stop }: AgreementQuestion): Promise<Result<Agreement, HqFailure>> {
  const newest = outbox.keptUpTo(lane, acknowledged, 0);
  if (!newest) return ok({ fork: acknowledged, lacks: 'nothing' });
  const mark = { epoch: theirs?.epoch ?? 0, sequence: theirs?.acknowledged ?? 0 };
  const bound = isBefore(mark, acknowledged) ? mark : acknowledged;
  let before: Place = bound;
  for (let back = 0; ; back = back === 0 ? firstStep : back * widening) {
    const place = outbox.keptUpTo(lane, bound, back);
    // HQ is before everything that is kept.
    if (!place) return ok({ fork: bound, lacks: 'unknown' });
    if (back > 0 && isSame(place, before)) return ok({ fork: { epoch: place.epoch, sequence: place.sequence - 1 }, lacks: 'unknown' });
    before = place;
    const hash = isSame(place, mark) ? ok(theirs?.head) : await hashAtHq(place);
    if (!hash.ok) return hash;
    if (hash.value !== place.hash) continue;
    const fork = { epoch: place.epoch, sequence: place.sequence };
    if (isSame(place, newest)) return ok({ fork, lacks: 'nothing' });
    return ok({ fork, lacks: place.epoch === acknowledged.epoch ? { behind: place.sequence } : 'unknown' });
  }

  async function hashAtHq({ epoch, sequence }: Place): Promise<Result<string | undefined, HqFailure>> {
    const answer = await client.history(lane, epoch, sequence - 1, session, stop, 1);
    if (!answer.ok) return answer.error.kind === 'refused' || answer.error.kind === 'conflict' ? ok(undefined) : answer;
    const [found] = answer.value.events;
    return ok(found && isSame({ epoch: found.epoch, sequence: found.event.sequence }, { epoch, sequence }) ? found.event.hash : undefined);
  }
}

const isSame = (one: Place, other: Place) => one.epoch === other.epoch && one.sequence === other.sequence;
const isBefore = (one: Place, other: Place) => one.epoch < other.epoch || (one.epoch === other.epoch && one.sequence < other.sequence);
