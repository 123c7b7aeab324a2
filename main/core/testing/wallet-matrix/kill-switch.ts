export type Side = 'kiosk' | 'hq';

/** One moment: the `nth` time that this side comes to this step, before it or after it. */
export interface KillPoint {
  readonly side: Side;
  readonly step: string;
  readonly when: 'before' | 'after';
  readonly nth: number;
}

/** Where a process is killed. Whoever comes to a step asks `at`, and dies where it says so. */
export interface KillSwitch {
  arm(point: KillPoint | undefined): void;
  /** True once, at the moment that is armed. */
  at(side: Side, step: string, when: 'before' | 'after'): boolean;
  wasReached(): boolean;
  /** Every step that was come to, in order: "kiosk startAttempt". */
  steps(): readonly string[];
}

export function createKillSwitch(): KillSwitch {
  let armed: KillPoint | undefined;
  let left = 0;
  let reached = false;
  const steps: string[] = [];
  return {
    arm(point) {
      armed = point;
      left = point?.nth ?? 0;
      reached = false;
    },
    at(side, step, when) {
      if (when === 'before') steps.push(`${side} ${step}`);
      if (armed?.side !== side || armed.step !== step || armed.when !== when) return false;
      left -= 1;
      if (left > 0) return false;
      armed = undefined;
      reached = true;
      return true;
    },
    wasReached: () => reached,
    steps: () => steps,
  };
}

export function nameOfPoint({ side, step, when, nth }: KillPoint): string {
  return `${side}.${step.replaceAll(' ', '_')}.${when}.${nth}`;
}

export function pointOfName(name: string): KillPoint | undefined {
  const found = /^(kiosk|hq)\.([A-Za-z_]+)\.(before|after)\.(\d+)$/.exec(name);
  return found ? { side: found[1] as Side, step: found[2]!.replaceAll('_', ' '), when: found[3] as KillPoint['when'], nth: Number(found[4]) } : undefined;
}
