import type { PayStage } from '../state/model.ts';
import { PayDue } from './pay-due.tsx';
import { PayRunning } from './pay-running.tsx';
import { PayUnknown } from './pay-unknown.tsx';
import './pay.css';

/** The payment as its order stands: at the terminal, to be tried again, or being looked into. */
export function Pay({ stage }: { readonly stage: PayStage }) {
  const { payment } = stage.order;
  if (payment.kind === 'unknown') return <PayUnknown order={stage.order} />;
  if (payment.kind === 'due' && !stage.starting) return <PayDue stage={stage} last={payment.last} />;
  const running = payment.kind === 'running' ? payment : undefined;
  const message = payment.kind === 'returning' ? 'reversing' : (running?.message ?? 'starting');
  return (
    <PayRunning
      key={stage.order.id} order={stage.order} message={message} terminalText={running?.text}
      cancelRequested={running?.cancelRequested ?? false} cancellable={running !== undefined}
    />
  );
}
