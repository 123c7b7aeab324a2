import { Button } from '../ui/button.tsx';
import { useVisit } from './kiosk-context.tsx';

/** An empty cart cannot be paid, so paying is not offered. */
export function CheckoutButton() {
  const { visit, words, dispatch } = useVisit();
  return (
    <Button look="main" disabled={visit.cart.lines.length === 0} onPress={() => dispatch({ kind: 'checkout_opened' })}>
      {words.cart.checkOut}
    </Button>
  );
}
