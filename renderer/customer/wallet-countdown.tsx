import { classNames } from '../ui/class-names.ts';
import { ClockIcon } from '../ui/icons.tsx';
import { useVisit } from './kiosk-context.tsx';
import { useMonotonicNow } from './use-now.ts';

/** At these it is said aloud; the seconds between them are for the eyes alone. */
const saidAt = [10, 30] as const;

/** How long the code may still be paid. `endsAt`: milliseconds of the page's monotonic clock. */
export function WalletCountdown({ endsAt }: { readonly endsAt: number }) {
  const { words } = useVisit();
  const seconds = Math.max(0, Math.ceil((endsAt - useMonotonicNow(250)) / 1000));
  const soon = saidAt.find((at) => seconds <= at);
  return (
    <>
      <div className={classNames('wallet-countdown', soon !== undefined && 'wallet-countdown--soon')} role="timer" aria-live="off">
        <p className="pay__label">{words.wallet.left}</p>
        <p className="wallet-countdown__time">
          <ClockIcon />
          <span aria-hidden="true">{minutesOf(seconds)}</span>
          <span className="unseen">{words.wallet.leftSpoken(Math.floor(seconds / 60), seconds % 60)}</span>
        </p>
      </div>
      <p className="unseen" role="status">
        {soon === undefined ? null : words.wallet.leftSoon(soon)}
      </p>
    </>
  );
}

/** 113 is "1:53": for the eyes alone, since a voice takes it for a time of the day. */
export function minutesOf(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
