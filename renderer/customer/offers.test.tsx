import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { Shopfront } from '../../domain/contract/kiosk.ts';
import type { Action } from '../state/action.ts';
import type { Model } from '../state/model.ts';
import { catalogue, createTake, openPage, shopfrontOf, status } from '../state/testing/shop-rig.ts';
import { CartScreen } from './cart.tsx';
import { KioskProvider } from './kiosk-context.tsx';
import { Offers } from './offers.tsx';

const take = createTake();

function modelAfter(shopfront: Shopfront, ...actions: Action[]): Model {
  return take(openPage(take, shopfront), { kind: 'touched' }, { kind: 'language_chosen', language: 'en' }, ...actions).model;
}

function shown(model: Model, screen: React.ReactNode): string {
  return renderToStaticMarkup(<KioskProvider store={{ getModel: () => model, dispatch: () => {}, subscribe: () => () => {} }}>{screen}</KioskProvider>);
}

const count = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].length;
const cola = catalogue.offers.find(({ id }) => id === 'cola')!;

describe('the list of a category', () => {
  it('is a list by its roles, and says how long it is', () => {
    const html = shown(modelAfter(shopfrontOf()), <Offers categoryId="drinks" />);
    const drinks = catalogue.offers.filter(({ categoryId }) => categoryId === 'drinks');
    expect(count(html, /role="listitem"/g)).toBe(drinks.length);
    expect(html).toContain(`aria-setsize="${drinks.length}" aria-posinset="1"`);
    expect(html).toContain('<h1');
  });

  it('of 10,000 puts a few rows on the page, and tells the length of all', () => {
    const { barcode: _, ...plain } = cola;
    const offers = [...catalogue.offers, ...Array.from({ length: 10_000 }, (__, at) => ({ ...plain, id: `cola-${at}` }))];
    const html = shown(modelAfter(shopfrontOf({ catalogue: { ...catalogue, offers } })), <Offers categoryId="drinks" />);
    const items = count(html, /role="listitem"/g);
    expect(items).toBeGreaterThan(3);
    expect(items).toBeLessThan(30);
    expect(html).toContain(`aria-setsize="${10_000 + catalogue.offers.filter(({ categoryId }) => categoryId === 'drinks').length}"`);
  });

  it('names each button so that the name is enough by itself', () => {
    const html = shown(modelAfter(shopfrontOf(), { kind: 'offer_added', offerId: 'cola' }), <Offers categoryId="drinks" />);
    expect(html).toContain('aria-label="Add one Ice-cold cola ￥3.50"');
    expect(html).toContain('1 in your order');
  });

  it('says why something cannot be had, where it can still be stopped at and heard', () => {
    const html = shown(modelAfter(shopfrontOf({ available: { cola: 0 } })), <Offers categoryId="drinks" />);
    expect(html).toMatch(/aria-disabled="true"><span class="unseen">Ice-cold cola[^<]*sold out/);
    expect(html).not.toContain('Add one Ice-cold cola');
  });

  it('outside its hours is shown with them', () => {
    const html = shown(modelAfter(shopfrontOf()), <Offers categoryId="breakfast" />);
    expect(html).toContain('06:00–10:30');
    expect(html).not.toContain('aria-label="Add one');
  });

  it('greys what needs HQ while that is away, and says so', () => {
    const model = { ...modelAfter(shopfrontOf()), status: { ...status, hq: 'away' as const } };
    expect(shown(model, <Offers categoryId="top-up" />)).toContain('aria-disabled="true"');
  });
});

describe('the cart', () => {
  it('that is empty offers no paying', () => {
    const html = shown(modelAfter(shopfrontOf(), { kind: 'cart_opened' }), <CartScreen />);
    expect(html).toContain('Nothing chosen yet');
    expect(html).toMatch(/<button[^>]*disabled=""[^>]*>Check out/);
  });

  it('names what a promotion takes off, and what it cost before', () => {
    const three = Array.from({ length: 3 }, () => ({ kind: 'offer_added', offerId: 'rice-cracker' }) as const);
    const html = shown(modelAfter(shopfrontOf(), ...three, { kind: 'cart_opened' }), <CartScreen />);
    expect(html).toContain('Crackers: three for two -￥5.90');
    expect(html).toContain('<s>￥17.70</s>');
  });

  it('names a line that can no longer be had, and keeps the rest', () => {
    const model = modelAfter(shopfrontOf(), { kind: 'offer_added', offerId: 'cola' }, { kind: 'offer_added', offerId: 'rice-cracker' }, { kind: 'cart_opened' });
    const changed = take(model, { kind: 'told', event: { name: 'shopfront', payload: shopfrontOf({ available: { cola: 0 } }) } }).model;
    const html = shown(changed, <CartScreen />);
    expect(html).toContain('Ice-cold cola is sold out');
    expect(count(html, /<li class="cart-line"/g)).toBe(2);
  });
});
