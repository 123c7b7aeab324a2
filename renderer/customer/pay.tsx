import type { PayStage } from '../state/model.ts';
import { PayDue } from './pay-due.tsx';
import { PayRunning } from './pay-running.tsx';
import { PayUnknown } from './pay-unknown.tsx';
import { PayWallet } from './pay-wallet.tsx';
import './pay.css';

/** The payment as its order stands: at the terminal, on the customer's phone, to be tried again, or being looked into. */
export function Pay({ stage }: { readonly stage: PayStage }) {
  const { payment } = stage.order;
  if (payment.kind === 'unknown') return <PayUnknown order={stage.order} tender={payment.tender} />;
  if (payment.kind === 'due' && !stage.starting) return <PayDue stage={stage} payment={payment} />;
  if (stage.tender !== 'card') return <PayWallet key={stage.order.id} stage={stage} wallet={stage.tender} />;
  const running = payment.kind === 'running' ? payment : undefined;
  const message = payment.kind === 'returning' ? 'reversing' : (running?.message ?? 'starting');
  return (
    <PayRunning
      key={stage.order.id} order={stage.order} message={message}
      cancelRequested={running?.cancelRequested ?? false} cancellable={running !== undefined}
    />
  );
}
