import type { EventPayload } from '../../../domain/contract/kiosk.ts';
import type { StaffMember } from '../../../domain/contract/staff.ts';

export type OutReason = EventPayload<'staff_out'>['reason'];

export interface StaffSessionDeps {
  readonly onOut: (reason: OutReason, member: StaffMember) => void;
}

/** Who is in: in core's memory alone, so that a core that is started again, or another page, knows of nobody. */
export interface StaffSession {
  member(): StaffMember | undefined;
  /** Rises whenever the page or the store is lost: whoever began to come in before that does not come in after it. */
  place(): number;
  /** How many have come in so far. */
  stays(): number;
  /** Whoever was in before is out. */
  enter(member: StaffMember): void;
  /** Somebody is still there. */
  touch(): void;
  /** While something that they asked for is under way, nobody is idle; not for ever, since a medium or a device may never answer. Answers how to end it. */
  hold(): () => void;
  /** Something that the page asks for by itself is under way: it is waited for, and says nothing about a person. Answers how to end it. */
  follow(): () => void;
  /** Something that they asked for is under way. */
  isBusy(): boolean;
  leave(reason: OutReason): void;
}

/** The slowest act is an end of day with its report, or an export to a slow stick. */
const longestHoldMs = 15 * 60_000;
/** A page that is somebody else's could say for ever that somebody is there. No shift is longer. */
const longestStayMs = 12 * 3_600_000;

export function createStaffSession({ onOut }: StaffSessionDeps): StaffSession {
  let member: StaffMember | undefined;
  let place = 0;
  let stays = 0;
  let idleTimer: NodeJS.Timeout | undefined;
  let stayTimer: NodeJS.Timeout | undefined;
  const holds = new Set<symbol>();
  const followed = new Set<symbol>();

  function restart(): void {
    clearTimeout(idleTimer);
    if (member && holds.size === 0) idleTimer = setTimeout(() => leave('idle'), member.idleMs);
  }

  function leave(reason: OutReason): void {
    if (reason === 'lost') place += 1;
    const out = member;
    member = undefined;
    clearTimeout(idleTimer);
    clearTimeout(stayTimer);
    if (out) onOut(reason, out);
  }

  function during(set: Set<symbol>, onEnd: () => void): () => void {
    const one = Symbol('act');
    set.add(one);
    const limit = setTimeout(end, longestHoldMs);
    limit.unref();
    function end(): void {
      clearTimeout(limit);
      if (set.delete(one)) onEnd();
    }
    return end;
  }

  return {
    member: () => member,
    place: () => place,
    stays: () => stays,
    enter(next) {
      leave('asked');
      member = next;
      stays += 1;
      stayTimer = setTimeout(() => leave('idle'), longestStayMs);
      stayTimer.unref();
      restart();
    },
    touch: restart,
    hold() {
      const end = during(holds, restart);
      restart();
      return end;
    },
    follow: () => during(followed, () => undefined),
    isBusy: () => holds.size + followed.size > 0,
    leave,
  };
}
