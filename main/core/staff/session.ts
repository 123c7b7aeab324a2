import type { EventPayload } from '../../../domain/contract/kiosk.ts';
import type { StaffMember } from '../../../domain/contract/staff.ts';

export type OutReason = EventPayload<'staff_out'>['reason'];

export interface StaffSessionDeps {
  readonly onOut: (reason: OutReason, member: StaffMember) => void;
}

/** Who is in: in core's memory alone, so that a core that is started again, or another page, knows of nobody. */
export interface StaffSession {
  member(): StaffMember | undefined;
  /** Whoever was in before is out. */
  enter(member: StaffMember): void;
  /** Somebody is still there. */
  touch(): void;
  /** While something that they asked for is under way, nobody is idle. Answers how to end it. */
  hold(): () => void;
  /** Something that they asked for is under way. */
  isBusy(): boolean;
  leave(reason: OutReason): void;
}

export function createStaffSession({ onOut }: StaffSessionDeps): StaffSession {
  let member: StaffMember | undefined;
  let timer: NodeJS.Timeout | undefined;
  let held = 0;

  function restart(): void {
    clearTimeout(timer);
    if (member && held === 0) timer = setTimeout(() => leave('idle'), member.idleMs);
  }

  function leave(reason: OutReason): void {
    const out = member;
    member = undefined;
    clearTimeout(timer);
    if (out) onOut(reason, out);
  }

  return {
    member: () => member,
    enter(next) {
      leave('asked');
      member = next;
      restart();
    },
    touch: restart,
    hold() {
      held += 1;
      restart();
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        held -= 1;
        restart();
      };
    },
    isBusy: () => held > 0,
    leave,
  };
}
