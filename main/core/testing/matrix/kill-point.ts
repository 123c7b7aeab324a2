/** A moment at which the process ends itself, in the middle of a sale or of the recovery after one. */
export type KillPoint =
  /**
   * `byte` counts from 1, from the first byte of the purchase (06 01) or of the receipt on, in one direction as core sees it.
   * `before`: it has not gone out, or has not been taken in. `after`: it has, and nothing that came later.
   */
  | { readonly kind: 'byte'; readonly device: KilledDevice; readonly direction: 'out' | 'in'; readonly byte: number; readonly edge: Edge }
  /** The nth call of one method of the StoreWriter since core began: each is one committed step of the sale. */
  | { readonly kind: 'step'; readonly step: string; readonly nth: number; readonly edge: Edge };

export type KilledDevice = 'terminal' | 'printer';
export type Edge = 'before' | 'after';

/** What a process is to do to itself. */
export interface KillPlan {
  readonly point: KillPoint;
  /** Where bytes are counted from: the purchase (06 01) or the receipt, the reversal (06 30), or the first one of the process. */
  readonly from: 'sale' | 'reversal' | 'start';
}

/** "terminal-out-17-before", "startAttempt-1-after". */
export function nameOfPoint(point: KillPoint): string {
  return point.kind === 'byte' ? `${point.device}-${point.direction}-${point.byte}-${point.edge}` : `${point.step}-${point.nth}-${point.edge}`;
}

export function pointOfName(name: string): KillPoint | undefined {
  const byte = /^(terminal|printer)-(out|in)-(\d+)-(before|after)$/.exec(name);
  if (byte) {
    const [, device, direction, count, edge] = byte as unknown as [string, KilledDevice, 'out' | 'in', string, Edge];
    return { kind: 'byte', device, direction, byte: Number(count), edge };
  }
  const step = /^(\w+)-(\d+)-(before|after)$/.exec(name);
  return step ? { kind: 'step', step: step[1]!, nth: Number(step[2]), edge: step[3] as Edge } : undefined;
}
