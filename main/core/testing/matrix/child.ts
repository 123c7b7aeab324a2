import type { FromCore } from '../../../../domain/contract/kiosk.ts';
import type { StartMessage } from '../../../../domain/contract/shell.ts';
import type { Kiosk } from '../../kiosk.ts';
import { createKiosk } from '../../kiosk.ts';
import { createLog } from '../../log.ts';
import { shortenTimers } from './fast-clock.ts';
import type { KillPlan } from './kill-point.ts';
import type { KillSwitch } from './kill-switch.ts';
import { createKillSwitch } from './kill-switch.ts';

/** What the test tells the process that it will kill. */
export type ToChild =
  | { readonly kind: 'begin'; readonly start: StartMessage; readonly plan?: KillPlan }
  | { readonly kind: 'page'; readonly message: unknown }
  /** Its moment has not come and shall not come any more. */
  | { readonly kind: 'spare' }
  /** In order: the same process may begin again on other data. */
  | { readonly kind: 'end' };

export type FromChild =
  | { readonly kind: 'up' }
  | { readonly kind: 'page'; readonly message: FromCore }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'ended'; readonly steps: readonly string[] };

/** Core as it is, in a process of its own, with a switch between its parts that ends the process at a chosen moment. */
shortenTimers();

let kiosk: Kiosk | undefined;
let killSwitch: KillSwitch | undefined;
let toCore: ((message: unknown) => void) | undefined;

function tell(message: FromChild): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

function begin(start: StartMessage, plan: KillPlan | undefined): void {
  killSwitch = createKillSwitch(plan, () => process.kill(process.pid, 'SIGKILL'));
  kiosk = createKiosk({ start, log: createLog((line) => tell({ kind: 'log', line }), Date.now), tellShell: () => undefined, onRestartWanted: () => undefined, probes: { ...killSwitch, isAlone: true } });
  kiosk.connect({
    post: (message) => tell({ kind: 'page', message: message as FromCore }),
    onMessage: (listener) => {
      toCore = listener;
    },
    onClose: () => undefined,
    close: () => undefined,
  });
}

process.on('message', (message: ToChild) => {
  switch (message.kind) {
    case 'begin':
      return begin(message.start, message.plan);
    case 'page':
      return toCore?.(message.message);
    case 'spare':
      return killSwitch?.disarm();
    case 'end':
      void kiosk?.stop().then(() => tell({ kind: 'ended', steps: killSwitch?.steps() ?? [] }));
  }
});
process.on('disconnect', () => process.exit(0));
tell({ kind: 'up' });
