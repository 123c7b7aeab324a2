import type { Money } from '../../domain/money.ts';
import { formatMoney } from '../../domain/money.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import type { Way } from '../state/ways.ts';
import { Button } from '../ui/button.tsx';
import { NoticeIcon } from '../ui/icons.tsx';
import { classNames } from '../ui/class-names.ts';
import { useWords } from './kiosk-context.tsx';
import './pay-ways.css';
import { WayIcon } from './wallet-icons.tsx';

export interface PayWaysProps {
  readonly ways: readonly Way[];
  readonly total: Money;
  readonly disabled?: boolean;
  readonly onPay: (tender: Tender) => void;
}

/** One tap each: whoever presses a way to pay pays that way. One that cannot be used now stays in its place, and says so in words. */
export function PayWays({ ways, total, disabled = false, onPay }: PayWaysProps) {
  const { words } = useWords();
  const { wallet } = words;
  const amount = formatMoney(total);
  return (
    <div className="pay-ways" role="group" aria-label={wallet.choose(amount)}>
      <p className="pay-ways__label" aria-hidden="true">
        {wallet.choose(amount)}
      </p>
      <div className="pay-ways__list">
        {ways.map(({ tender, state }) => {
        const why = state === 'ready' ? undefined : wallet[state];
        return (
          <Button
            key={tender} look="main" className={classNames('pay-way', `pay-way--${tender}`)} disabled={disabled || why !== undefined} onPress={() => onPay(tender)}
            label={why === undefined ? wallet.payWith(wallet.name[tender], amount) : undefined}
          >
            <WayIcon tender={tender} />
            <span className="pay-way__name">{wallet.name[tender]}</span>
            {why === undefined ? null : (
              <span className="pay-way__why">
                <NoticeIcon />
                {why}
              </span>
            )}
          </Button>
        );
      })}
      </div>
    </div>
  );
}
