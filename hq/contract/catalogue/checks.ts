import type { LooseCatalogue, Loose } from './difference.ts';

/** What a person should look at before it is published; it can be published all the same. */
export interface Warning {
  readonly kind: 'price_jumped' | 'english_missing' | 'picture_missing';
  readonly offerId: string;
  readonly before?: number;
  readonly after?: number;
}

/** @param inForce what it takes the place of; undefined where there is nothing; @param drawings names of the bundled pictures */
export function catalogueWarnings(catalogue: LooseCatalogue, inForce: LooseCatalogue | undefined, drawings: ReadonlySet<string>): readonly Warning[] {
  const before = new Map((inForce?.offers ?? []).map((offer) => [offer['id'], offer]));
  return (catalogue.offers ?? []).flatMap((offer): Warning[] => {
    const offerId = String(offer['id'] ?? '');
    const warnings: Warning[] = [];
    const [old, price] = [before.get(offer['id'])?.['price'], offer['price']];
    // More than half as much again, or less than half of it.
    if (typeof old === 'number' && typeof price === 'number' && old > 0 && Math.abs(price - old) > old / 2) warnings.push({ kind: 'price_jumped', offerId, before: old, after: price });
    const [name, description] = [textsOf(offer['name']), textsOf(offer['description'])];
    // Chinese left standing in the English field reads as nothing to those who need it.
    if ([name.en, description.en].some((text) => text.trim() === '' || /[\u4e00-\u9fff]/.test(text))) warnings.push({ kind: 'english_missing', offerId });
    const picture = offer['picture'] as Loose | undefined;
    if (!picture || (picture['kind'] === 'drawing' && !drawings.has(String(picture['name'])))) warnings.push({ kind: 'picture_missing', offerId });
    return warnings;
  });
}

function textsOf(value: unknown): { readonly zh: string; readonly en: string } {
  const texts = (typeof value === 'object' && value !== null ? value : {}) as Loose;
  return { zh: String(texts['zh'] ?? ''), en: String(texts['en'] ?? '') };
}
