import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { HelpPlace } from '../i18n/areas/finish.ts';
import type { Model } from '../state/model.ts';
import { partsOf } from '../state/parts.ts';

/** Where the customer stands, as far as what to do there differs: the sheet that help lies over, or else the screen. */
export function helpPlace({ visit, shopfront, status }: Pick<Model, 'visit' | 'shopfront' | 'status'>): HelpPlace | undefined {
  if (!visit) return undefined;
  const { sheet, stage } = visit;
  const under = sheet?.kind === 'help' ? sheet.under : sheet;
  switch (under?.kind) {
    case 'offer': {
      const { line, part } = under.draft;
      const offer = shopfront && findOffer(shopfront.catalogue, line.offerId);
      return (offer && partsOf(offer, line)[part]?.kind) ?? 'offer';
    }
    case 'refusals':
    case 'feedback':
      return under.kind;
    default:
      break;
  }
  const hasWallets = (status?.wallets.length ?? 0) > 0;
  if (stage.kind === 'checkout' && hasWallets) return 'checkout_ways';
  if (stage.kind !== 'pay') return stage.kind;
  const { payment } = stage.order;
  if (payment.kind === 'unknown') return 'pay_unknown';
  if (payment.kind === 'due' && !stage.starting) return hasWallets ? 'pay_wallet_due' : 'pay_due';
  return stage.tender === 'card' ? 'pay' : 'pay_wallet';
}
