import type { Catalogue } from '../domain/catalogue/catalogue.ts';
import type { Offer } from '../domain/catalogue/offer.ts';

/** The sample shop grown to so many offers: each like one of the sample's, under a name of its own, in the sample's own categories. */
export function grownCatalogue(sample: Catalogue, offers: number): Catalogue {
  const grown: Offer[] = [...sample.offers];
  for (let index = 0; grown.length < offers; index += 1) {
    const model = sample.offers[index % sample.offers.length]!;
    const number = Math.floor(index / sample.offers.length) + 2;
    const { barcode: _barcode, rank: _rank, ...rest } = model;
    grown.push({ ...rest, id: `${model.id}-${number}`, name: { zh: `${model.name.zh} ${number} 号`, en: `${model.name.en} no. ${number}` } });
  }
  return { ...sample, revision: sample.revision + 1, offers: grown };
}
