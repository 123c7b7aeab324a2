import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { root } from '../../build/start/child.ts';
import type { Catalogue, Offer } from '../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { Language } from '../../domain/language.ts';
import { wordsOf } from '../../renderer/i18n/language.ts';

export const catalogue: Catalogue = catalogueSchema.parse(JSON.parse(fs.readFileSync(path.join(root, 'config/catalogue.json'), 'utf8')));

export interface Wish {
  readonly offerId: string;
  /** Choice ids that are not chosen beforehand. */
  readonly choices?: readonly string[];
  readonly phone?: string;
}

/** Somebody at the touchscreen: does what the screen says, by roles and labels alone. */
export interface Customer {
  /** Touches the attract screen and chooses the language. */
  begin(): Promise<void>;
  /** Goes to an offer and opens its sheet. */
  open(offerId: string): Promise<void>;
  /** Closes the sheet again. */
  close(): Promise<void>;
  /** From wherever browsing stands: goes to an offer, chooses and adds it. */
  add(wish: Wish): Promise<void>;
  /** To the last screen before paying. */
  checkOut(): Promise<void>;
  /** Presses "Pay ￥…", or "Confirm order" where nothing is to be paid. */
  pay(): Promise<void>;
  payAgain(): Promise<void>;
  /** All of the above, from the attract screen until the screen asks for a card. */
  buy(...wishes: Wish[]): Promise<void>;
  /** The same where nothing is to be paid, until the result screen. */
  takeForFree(...wishes: Wish[]): Promise<string>;
  /** Waits for the result screen; answers the pickup number on it. */
  pickupNumber(): Promise<string>;
  /** Waits until the screen asks for a card. */
  askedForCard(): Promise<void>;
  done(): Promise<void>;
}

export function createCustomer(page: Page, language: Language): Customer {
  const words = wordsOf[language];
  const sheet = page.getByRole('dialog');
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const payButton = button(new RegExp(`^${escaped(words.checkout.pay(''))}|^${escaped(words.checkout.confirmFree)}$`));

  function find(offerId: string): Offer {
    const offer = catalogue.offers.find((candidate) => candidate.id === offerId);
    if (!offer) throw new Error(`there is no offer ${offerId}`);
    return offer;
  }

  async function open(offerId: string): Promise<void> {
    const offer = find(offerId);
    const category = catalogue.categories.find((candidate) => candidate.id === offer.categoryId)!;
    // From wherever browsing stands, back to the three businesses.
    if (!(await page.getByRole('heading', { name: words.home.title }).isVisible())) await button(words.common.back).click();
    await page.getByRole('region', { name: words.home.business[category.business] }).getByRole('button', { name: category.name[language] }).click();
    await button(new RegExp(`^${escaped(offer.name[language])}`)).click();
    await expect(sheet).toBeVisible();
  }

  async function choose({ offerId, choices = [], phone }: Wish): Promise<void> {
    const offer = find(offerId);
    for (const choiceId of choices) {
      const choice = offer.options.flatMap((group) => group.choices).find((candidate) => candidate.id === choiceId);
      if (!choice) throw new Error(`${offerId} has no choice ${choiceId}`);
      await sheet.getByLabel(new RegExp(`^${escaped(choice.name[language])}`)).check();
    }
    for (const digit of phone ?? '') await sheet.getByRole('group', { name: words.offer.keypad }).getByRole('button', { name: digit, exact: true }).click();
    await sheet.getByRole('button', { name: new RegExp(`^${escaped(words.offer.add(''))}|^${escaped(words.offer.addFree)}$`) }).click();
    await expect(sheet).toBeHidden();
  }

  const customer: Customer = {
    async begin() {
      await button(/Touch to start/).click();
      await button(language === 'zh' ? '中文' : 'English').last().click();
      await expect(page.getByRole('heading', { name: words.home.title })).toBeVisible();
    },
    open,
    async close() {
      await sheet.getByRole('button', { name: words.common.back }).click();
      await expect(sheet).toBeHidden();
    },
    async add(wish) {
      await open(wish.offerId);
      await choose(wish);
    },
    async checkOut() {
      await button(words.cart.checkOut).click();
      await expect(page.getByRole('heading', { name: words.checkout.title })).toBeVisible();
    },
    pay: () => payButton.click(),
    payAgain: () => button(new RegExp(`^${escaped(words.pay.again(''))}`)).click(),
    async pickupNumber() {
      const ticket = page.getByRole('region', { name: words.result.number });
      await expect(ticket).toBeVisible();
      return (await ticket.getByText(/^[A-Z]\d{3}$/).innerText()).trim();
    },
    askedForCard: () => expect(page.getByRole('heading', { name: words.pay.title.present_card })).toBeVisible(),
    async done() {
      await button(words.common.done).click();
      await expect(button(/Touch to start/)).toBeVisible();
    },
    async buy(...wishes) {
      await customer.begin();
      for (const wish of wishes) await customer.add(wish);
      await customer.checkOut();
      await customer.pay();
      await customer.askedForCard();
    },
    async takeForFree(...wishes) {
      await customer.begin();
      for (const wish of wishes) await customer.add(wish);
      await customer.checkOut();
      await customer.pay();
      return customer.pickupNumber();
    },
  };
  return customer;
}

function escaped(text: string): string {
  return text.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
