import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { root } from '../../build/start/child.ts';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { catalogueSchema } from '../../domain/catalogue/catalogue.ts';
import type { Offer, OptionGroup } from '../../domain/catalogue/offer.ts';
import { deliveryFields } from '../../domain/catalogue/form.ts';
import type { Language } from '../../domain/language.ts';
import type { Tender } from '../../domain/payment/tender.ts';
import { wordsOf } from '../../renderer/i18n/language.ts';

export const catalogue: Catalogue = catalogueSchema.parse(JSON.parse(fs.readFileSync(path.join(root, 'config/catalogue.json'), 'utf8')));

export interface Wish {
  readonly offerId: string;
  /** Choice ids that are not chosen beforehand; one that repeats stands there as often as it is wanted. */
  readonly choices?: readonly string[];
  readonly phone?: string;
  /** What is typed into the other fields, by their ids; a choice's id for a choice. Consent is given without being named here. */
  readonly form?: Readonly<Record<string, string>>;
  /** Province, city and district, as they are shown; a municipality has no city in between. */
  readonly district?: readonly string[];
}

/** Somebody at the touchscreen: does what the screen says, by roles and labels alone. */
export interface Customer {
  /** Touches the attract screen and chooses the language. */
  begin(): Promise<void>;
  /** Goes to an offer and opens its sheet. */
  open(offerId: string): Promise<void>;
  /** Closes the sheet again. */
  close(): Promise<void>;
  /** Fills in the page of the sheet that is shown. */
  fillIn(wish: Wish): Promise<void>;
  /** Presses the sheet's main action, and waits for the next page or the sheet's end. */
  goOn(): Promise<void>;
  /** From wherever browsing stands: goes to an offer, chooses and adds it. */
  add(wish: Wish): Promise<void>;
  /** Types small letters with the keyboard on the screen. */
  type(letters: string): Promise<void>;
  /** Opens the search, or clears it, and types. */
  search(letters: string): Promise<void>;
  /** To the last screen before paying. */
  checkOut(): Promise<void>;
  /** Presses "Pay ￥…", or the card where there are other ways, or "Confirm order" where nothing is to be paid. */
  pay(): Promise<void>;
  /** Where there is more than one way: presses one of them, on the last screen before paying or after a try that took nothing. */
  payWith(tender: Tender): Promise<void>;
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
  const payWith = (tender: Tender) => `^${escaped(words.wallet.payWith(words.wallet.name[tender], ''))}`;
  const payButton = button(new RegExp(`^${escaped(words.checkout.pay(''))}|^${escaped(words.checkout.confirmFree)}$|${payWith('card')}`));

  function find(offerId: string): Offer {
    const offer = catalogue.offers.find((candidate) => candidate.id === offerId);
    if (!offer) throw new Error(`there is no offer ${offerId}`);
    return offer;
  }

  /** Only what is near the screen is on the page: the list is scrolled as a finger would. */
  async function scrollTo(card: Locator): Promise<void> {
    await page.getByRole('list').getByRole('listitem').first().hover();
    for (let time = 0; time < 40 && !(await card.isVisible()); time += 1) {
      await page.mouse.wheel(0, 400);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    }
  }

  async function open(offerId: string): Promise<void> {
    const offer = find(offerId);
    const category = catalogue.categories.find((candidate) => candidate.id === offer.categoryId)!;
    // From wherever browsing stands, back to the three businesses.
    if (!(await page.getByRole('heading', { name: words.home.title }).isVisible())) await button(words.common.back).click();
    await page.getByRole('region', { name: words.home.business[category.business] }).getByRole('button', { name: category.name[language] }).click();
    const card = button(new RegExp(`^${escaped(offer.name[language])}`)).first();
    await scrollTo(card);
    await card.click();
    await expect(sheet).toBeVisible();
  }

  const heading = sheet.getByRole('heading', { level: 2 }).first();
  const titleOf = async () => (await heading.innerText()).trim();
  /** Two pages of one sheet may have the same title: then the step that is said above it differs. It waits for nothing: the sheet may shut meanwhile. */
  async function placeInSheet(): Promise<string> {
    const step = sheet.getByText(new RegExp(`^${escaped(words.details.step(0, 0)).replaceAll('0', '\\d+')}`)).first();
    return [...(await heading.allInnerTexts()), ...(await step.allInnerTexts())].join(', ');
  }

  async function goOn(): Promise<void> {
    const addButton = sheet.getByRole('button', { name: new RegExp(`^${escaped(words.offer.add(''))}|^${escaped(words.offer.addFree)}$`) });
    const nextButton = sheet.getByRole('button', { name: words.details.next, exact: true });
    const rightButton = sheet.getByRole('button', { name: words.details.numberIsRight });
    await expect(heading).toBeVisible();
    const place = await placeInSheet();
    await addButton.or(nextButton).or(rightButton).click();
    await expect.poll(async () => (await sheet.isHidden()) || (await placeInSheet()) !== place, { message: `goes on from "${place}"` }).toBe(true);
  }

  /** Goes through all pages of the sheet, filling in what each asks for. */
  async function choose(wish: Wish): Promise<void> {
    while (await sheet.isVisible()) {
      await fillIn(wish);
      await goOn();
    }
  }

  async function fillIn(wish: Wish): Promise<void> {
    const [offer, title] = [find(wish.offerId), await titleOf()];
    const groups = offer.options.filter(({ kind, name }) => (kind === 'step' ? name[language] === title : offer.name[language] === title));
    for (const group of groups) await chooseOf(group, wish.choices ?? []);
    if (title === words.details.phone.title) for (const digit of wish.phone ?? '') await sheet.getByRole('button', { name: digit, exact: true }).click();
    if (title === words.details.district.title) for (const place of wish.district ?? []) await sheet.getByRole('button', { name: place, exact: true }).or(sheet.getByRole('radio', { name: place, exact: true })).first().click();
    if (title === words.details.consent.title) await tick(sheet.getByRole('checkbox', { name: words.details.consent.agree }));
    for (const [id, value] of Object.entries(wish.form ?? {})) {
      const field = offer.form.find((candidate) => candidate.id === id) ?? deliveryFields.find((candidate) => candidate.id === id);
      if (!field) throw new Error(`${offer.id} does not ask for ${id}`);
      const choice = field.kind === 'choice' ? field.choices.find((candidate) => candidate.id === value) : undefined;
      const control = choice ? sheet.getByRole('radio', { name: choice.label[language] }) : sheet.getByRole('textbox', { name: new RegExp(`^${escaped(field.label[language])}`) });
      if (!(await control.count())) continue;
      if (choice) await tick(control);
      else await control.fill(value);
    }
  }

  async function chooseOf(group: OptionGroup, choices: readonly string[]): Promise<void> {
    for (const choice of group.choices) {
      const wanted = choices.filter((id) => id === choice.id).length;
      for (let time = 0; time < wanted; time += 1) {
        if (group.repeats) await sheet.getByRole('button', { name: new RegExp(`^${escaped(words.details.takeOneMore(choice.name[language]))}`) }).click();
        else await tick(sheet.getByRole(group.min === 1 && group.max === 1 ? 'radio' : 'checkbox', { name: new RegExp(`^${escaped(choice.name[language])}`) }));
      }
    }
  }

  async function tick(control: Locator): Promise<void> {
    await control.click();
    await expect(control).toBeChecked();
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
    fillIn, goOn,
    async add(wish) {
      await open(wish.offerId);
      await choose(wish);
    },
    async search(letters) {
      const field = page.getByRole('textbox', { name: words.shop.search.field });
      if (await field.isVisible()) await button(words.shop.search.clear).click();
      else await button(new RegExp(`^${escaped(words.frame.home.searchName)}$|^${escaped(words.shop.search.openLabel)}$`)).click();
      await customer.type(letters);
      await expect(field).toHaveValue(letters);
    },
    async type(letters) {
      for (const letter of letters) await page.getByRole('button', { name: words.details.keyboard.letter(letter), exact: true }).click();
    },
    async checkOut() {
      await button(words.cart.checkOut).click();
      await expect(page.getByRole('heading', { name: words.checkout.title })).toBeVisible();
    },
    pay: () => payButton.click(),
    payWith: (tender) => button(new RegExp(payWith(tender))).click(),
    payAgain: () => button(new RegExp(`^${escaped(words.pay.again(''))}`)).click(),
    async pickupNumber() {
      const ticket = page.getByRole('region', { name: new RegExp(`^(${escaped(words.result.number)}|${escaped(words.result.orderNumber)})$`) });
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
