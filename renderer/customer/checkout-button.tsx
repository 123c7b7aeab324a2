import type { Model } from '../state/model.ts';
import { Button } from '../ui/button.tsx';
import { useDispatch, useSelect, useWords } from './kiosk-context.tsx';

/** An empty cart cannot be paid, so paying is not offered. */
export function CheckoutButton() {
  const { words } = useWords();
  const dispatch = useDispatch();
  const isEmpty = useSelect(isCartEmpty);
  return (
    <Button look="main" disabled={isEmpty} onPress={() => dispatch({ kind: 'checkout_opened' })}>
      {words.cart.checkOut}
    </Button>
  );
}

function isCartEmpty({ visit }: Model): boolean {
  return (visit?.cart.lines.length ?? 0) === 0;
}
