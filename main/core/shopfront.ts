import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { KioskConfig } from '../../domain/contract/config.ts';
import type { Shopfront } from '../../domain/contract/kiosk.ts';
import { withSoldOut } from '../../domain/rules/facts.ts';
import { dayAt } from '../../domain/sync/day-closing.ts';
import type { StoreReader } from '../store/reader.ts';
import { shownBrand } from './brand.ts';
import { besideConfig } from './configuration.ts';
import type { DocumentKeeper } from './document-keeper.ts';
import type { Log } from './log.ts';

export interface ShopfrontDeps {
  readonly config: KioskConfig;
  readonly configFile: string;
  readonly catalogue: () => Catalogue;
  readonly documents: Pick<DocumentKeeper, 'soldOut' | 'snoozed'>;
  readonly reader: Pick<StoreReader, 'available'>;
  readonly now: () => number;
  readonly log: Log;
}

export interface ShopfrontKeeper {
  /** Everything that a page shows before a customer touches it, as it is now. */
  current(): Shopfront;
  available(): Record<string, number>;
  stock(): Pick<Shopfront, 'available' | 'snoozed'>;
  /** True where a day of the shop has begun since this was asked last: what was sold until yesterday may be past its day. */
  hasDayTurned(): boolean;
}

export function createShopfront({ config, configFile, catalogue, documents, reader, now, log }: ShopfrontDeps): ShopfrontKeeper {
  const { shop, defaultLanguage, maxOrderTotal, screen, help, dining, assistiveKeys } = config;
  const { idleWarningMs, idleEndMs, resultMs } = config.times;
  const shown = shownBrand(config.brand, (relative) => besideConfig(configFile, relative));
  // A kiosk without its logo sells all the same: the shop's name stands in its place.
  if (!shown.ok) log.error(shown.error.error);
  const brand = shown.ok ? shown.value : shown.error.without;
  const today = () => dayAt(now(), shop.timeZone);
  let day = today();
  let counted: { readonly of: Catalogue; readonly offerIds: ReadonlySet<string> } | undefined;

  /** Offers of which pieces are counted. Of a large catalogue asked for with every order, and reckoned once. */
  function countedIn(current: Catalogue): ReadonlySet<string> {
    if (counted?.of !== current) counted = { of: current, offerIds: new Set(current.offers.flatMap(({ id, fulfilment }) => (fulfilment.kind === 'goods' ? [id] : []))) };
    return counted.offerIds;
  }

  function available(): Record<string, number> {
    const goods = countedIn(catalogue());
    return Object.fromEntries(withSoldOut(new Map([...reader.available(undefined, today())].filter(([offerId]) => goods.has(offerId))), documents.soldOut()));
  }

  const stock = () => ({ available: available(), snoozed: Object.fromEntries([...documents.snoozed()].filter(([, until]) => until > now())) });

  return {
    available,
    stock,
    hasDayTurned() {
      const before = day;
      day = today();
      return day !== before;
    },
    current: () => ({
      shopName: shop.name, defaultLanguage, timeZone: shop.timeZone, catalogue: catalogue(), ...stock(),
      maxOrderTotal, times: { idleWarningMs, idleEndMs, resultMs },
      brand, screen, help: { phone: help.phone ?? shop.phone, onDuty: help.onDuty }, dining, assistiveKeys,
    }),
  };
}
