import { Button } from '../ui/button.tsx';
import { BellIcon } from '../ui/icons.tsx';
import { useVisit } from './kiosk-context.tsx';

const patienceMs = 10_000;
const longPatienceMs = 30_000;

interface PayPatienceProps {
  readonly patience: ReturnType<typeof patienceOf>;
  /** How long such things take. */
  readonly usual: string;
  /** That it may be stopped. */
  readonly wayOut: string;
}

/** What is said to whoever waits for a payment, and after a while the call for a person. */
export function PayPatience({ patience, usual, wayOut }: PayPatienceProps) {
  const { words, dispatch } = useVisit();
  return (
    <div className="pay__patience">
      <p role="status">{{ none: null, usual, way_out: wayOut, only_wait: words.pay.onlyPatience }[patience]}</p>
      {patience === 'way_out' || patience === 'only_wait' ? (
        <Button onPress={() => dispatch({ kind: 'help_opened' })}>
          <BellIcon />
          {words.finish.help.call}
        </Button>
      ) : null}
    </div>
  );
}

/** Over 10 s it is said how long such things take; over 30 s there is a way out: to stop, or to call a person. */
export function patienceOf(waitedMs: number, stoppable: boolean): 'none' | 'usual' | 'way_out' | 'only_wait' {
  if (waitedMs < patienceMs) return 'none';
  if (waitedMs < longPatienceMs) return 'usual';
  return stoppable ? 'way_out' : 'only_wait';
}
