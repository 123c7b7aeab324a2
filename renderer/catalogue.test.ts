import { describe, expect, it } from 'vitest';
import demo from '../config/catalogue.json';
import type { Picture } from '../domain/catalogue/offer.ts';
import { businesses, catalogueSchema } from '../domain/catalogue/catalogue.ts';
import { drawings } from './ui/drawings.ts';

const catalogue = catalogueSchema.parse(demo);

describe('the demo catalogue', () => {
  it('offers at least 36 things, several of them free in each business', () => {
    expect(catalogue.offers.length).toBeGreaterThanOrEqual(36);
    for (const business of businesses) {
      expect(catalogue.offers.filter((offer) => offer.fulfilment.kind === business && offer.price === 0).length, business).toBeGreaterThanOrEqual(2);
    }
  });

  it('has something in every category', () => {
    for (const { id } of catalogue.categories) expect(catalogue.offers.some((offer) => offer.categoryId === id), id).toBe(true);
  });

  it('names only drawings that are bundled', () => {
    const pictures: readonly Picture[] = [...catalogue.offers, ...catalogue.categories].map(({ picture }) => picture);
    for (const picture of pictures) if (picture.kind === 'drawing') expect(drawings, picture.name).toHaveProperty(picture.name);
  });

  it('sets a space between Chinese and Latin, as the screen does everywhere', () => {
    for (const { name, description } of catalogue.offers) for (const text of [name.zh, description.zh]) expect(text).not.toMatch(/\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}/u);
  });
});
