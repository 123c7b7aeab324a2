import type { CartLine } from '../../domain/cart/cart.ts';
import type { OptionGroup } from '../../domain/catalogue/offer.ts';
import { GroupChoices, GroupHint } from './option-group.tsx';

/** One step of a combo on a page of its own: large pictures, as many as the step asks for. The sheet's title is the step's name. */
export function ComboStep({ group, line, tried }: { readonly group: OptionGroup; readonly line: CartLine; readonly tried: boolean }) {
  const chosen = line.choices[group.id] ?? [];
  return (
    <div className="option-group">
      <GroupHint group={group} chosen={chosen} tried={tried} />
      <GroupChoices group={group} chosen={chosen} look="tiles" />
    </div>
  );
}
