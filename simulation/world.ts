/** Time that passes only when nothing is left to do: days in minutes, and in the same order for the same seed. */
export interface World {
  /** Milliseconds since the world began. */
  nowMs(): number;
  /** Runs it so much later; what it awaits is done before time goes on. Answers how to take it back. */
  after(delayMs: number, run: () => void | Promise<void>): () => void;
  /** Lives until that moment, or until nothing is planned any more. */
  liveUntil(atMs: number): Promise<void>;
  /** Lets everything that is not waiting for time go on. */
  settle(): Promise<void>;
}

interface Planned { readonly atMs: number; readonly order: number; readonly run: () => void | Promise<void>; isOff: boolean }

/** A few turns of the loop: streams and promises of a request take one or two. */
const turns = 4;

export function createWorld(): World {
  let nowMs = 0;
  let count = 0;
  const plan: Planned[] = [];

  async function settle(): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
  }

  /** A binary heap by time, then by the order of planning. */
  const before = (left: Planned, right: Planned) => left.atMs < right.atMs || (left.atMs === right.atMs && left.order < right.order);
  function push(planned: Planned): void {
    plan.push(planned);
    for (let at = plan.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!before(plan[at]!, plan[parent]!)) return;
      [plan[at], plan[parent]] = [plan[parent]!, plan[at]!];
      at = parent;
    }
  }
  function pop(): Planned | undefined {
    const first = plan[0];
    const last = plan.pop();
    if (first === undefined || last === undefined || first === last) return first;
    plan[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < plan.length && before(plan[left]!, plan[least]!)) least = left;
      if (right < plan.length && before(plan[right]!, plan[least]!)) least = right;
      if (least === at) return first;
      [plan[at], plan[least]] = [plan[least]!, plan[at]!];
      at = least;
    }
  }

  return {
    nowMs: () => nowMs,
    after(delayMs, run) {
      const planned: Planned = { atMs: nowMs + Math.max(0, delayMs), order: count++, run, isOff: false };
      push(planned);
      return () => {
        planned.isOff = true;
      };
    },
    async liveUntil(atMs) {
      await settle();
      while (plan[0] && plan[0].atMs <= atMs) {
        const next = pop();
        if (!next || next.isOff) continue;
        nowMs = next.atMs;
        await next.run();
        await settle();
      }
      nowMs = Math.max(nowMs, atMs);
    },
    settle,
  };
}
