import path from 'node:path';
import type { Browser } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { root } from '../build/start/child.ts';
import { formatMoney, money } from '../domain/money.ts';
import { catalogueTexts } from '../hq/web/i18n/areas/catalogue.ts';
import { fleetTexts } from '../hq/web/i18n/areas/fleet.ts';
import { reportsTexts } from '../hq/web/i18n/areas/reports.ts';
import { staffTexts } from '../hq/web/i18n/areas/staff.ts';
import { stockTexts } from '../hq/web/i18n/areas/stock.ts';
import { uiTexts } from '../hq/web/i18n/areas/ui.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import { catalogue, createCustomer } from './stage/customer.ts';
import { openBrowser, openOperator } from './stage/operator.ts';
import { createStaff } from './stage/staff.ts';
import { expect, test } from './stage/stage.ts';

test.describe.configure({ timeout: 300_000 });

const texts = catalogueTexts.en;
const stock = stockTexts.en;
const staff = staffTexts.en;
const words = wordsOf.en;
const cola = catalogue.offers.find(({ id }) => id === 'cola')!;
let browser: Browser;
test.beforeAll(async () => {
  browser = await openBrowser();
});
test.afterAll(() => browser?.close());
