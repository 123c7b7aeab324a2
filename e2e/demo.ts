import fs from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { root } from '../build/start/child.ts';
import { chromiumPath, electronRuntime } from '../build/runtime.mjs';
import { openDisplay } from '../build/start/display.ts';
import { buildIfStale } from '../build/start/fresh.ts';
import { formatMoney, money } from '../domain/money.ts';
import { renderSlipSvg } from '../hardware/sim/escpos-printer/render-svg.ts';
import type { Slip } from '../hardware/sim/escpos-printer/paper.ts';
import { wordsOf } from '../renderer/i18n/language.ts';
import type { Audit } from './stage/books.ts';
import { createCustomer } from './stage/customer.ts';
import { startKiosk } from './stage/kiosk.ts';
import type { Stage } from './stage/stage.ts';
import { openStage } from './stage/stage.ts';

/**
 * `npm run demo`: three customers at the real kiosk, the first with a card that is declined before one that pays. Leaves
 * pictures of each screen, the receipts and a report in out/demo, and fails unless all four books agree.
 */
const folder = path.join(root, 'out/demo');

async function demo(): Promise<boolean> {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  await buildIfStale();
  const display = await openDisplay('1080x1920');
  Object.assign(process.env, display.env);
  const stageFolder = path.join(root, 'out/demo-stage');
  fs.rmSync(stageFolder, { recursive: true, force: true });
  const stage = await openStage(stageFolder, startKiosk);
  try {
    await payWithSecondCard(stage);
    await topUp(stage);
    await takeForFree(stage);
    const audit = await stage.audit(3);
    await saveReceipts(stage.bench.printer.sim.slips());
    saveReport(audit);
    return audit.agree;
  } finally {
    await stage.close();
    await display.close();
    fs.rmSync(stageFolder, { recursive: true, force: true });
  }
}

let pictures = 0;
async function picture({ kiosk }: Stage, name: string): Promise<void> {
  pictures += 1;
  await kiosk.page.screenshot({ path: path.join(folder, `${String(pictures).padStart(2, '0')}-${name}.png`), animations: 'disabled' });
  console.log(`demo: ${name}`);
}

async function payWithSecondCard(stage: Stage): Promise<void> {
  const { page } = stage.kiosk;
  const { sim } = stage.bench.terminal;
  const words = wordsOf.zh;
  const customer = createCustomer(page, 'zh');
  await page.getByRole('button', { name: /Touch to start/ }).waitFor();
  await picture(stage, 'attract');
  await page.getByRole('button', { name: /Touch to start/ }).click();
  await page.getByRole('button', { name: '中文' }).last().waitFor();
  await picture(stage, 'language');
  await page.getByRole('button', { name: '中文' }).last().click();
  await page.getByRole('heading', { name: words.home.title }).waitFor();
  await picture(stage, 'home');
  await customer.add({ offerId: 'cola' });
  await picture(stage, 'offers');
  await customer.open('bubble-tea');
  await picture(stage, 'offer');
  await customer.close();
  await customer.add({ offerId: 'bubble-tea', choices: ['large', 'pearls'] });
  await page.getByRole('button', { name: new RegExp(words.cart.view(2, '￥').slice(0, 4)) }).click();
  await picture(stage, 'cart');
  await customer.checkOut();
  await picture(stage, 'checkout');
  await customer.pay();
  await customer.askedForCard();
  await picture(stage, 'pay');
  sim.decline();
  await page.getByRole('heading', { name: words.pay.due.declined.title }).waitFor();
  await picture(stage, 'declined');
  await customer.payAgain();
  await customer.askedForCard();
  sim.tapCard();
  await customer.pickupNumber();
  await page.getByText(words.result.receipt.printed).waitFor();
  await picture(stage, 'result');
  await customer.done();
}

async function topUp(stage: Stage): Promise<void> {
  const { page } = stage.kiosk;
  const customer = createCustomer(page, 'en');
  await customer.begin();
  await customer.open('top-up-50');
  await picture(stage, 'top-up');
  await customer.close();
  await customer.add({ offerId: 'top-up-50', phone: '13912345678' });
  await customer.checkOut();
  await picture(stage, 'checkout-english');
  await customer.pay();
  await customer.askedForCard();
  await picture(stage, 'pay-english');
  stage.bench.terminal.sim.tapCard();
  await customer.pickupNumber();
  await page.getByText(wordsOf.en.result.receipt.printed).waitFor();
  await picture(stage, 'result-english');
  await customer.done();
}

async function takeForFree(stage: Stage): Promise<void> {
  const customer = createCustomer(stage.kiosk.page, 'zh');
  await customer.begin();
  await customer.add({ offerId: 'plaster' });
  await customer.checkOut();
  await customer.pay();
  await customer.pickupNumber();
  await stage.kiosk.page.getByText(wordsOf.zh.result.receipt.printed).waitFor();
  await picture(stage, 'result-free');
  await customer.done();
}

/** The paper as it came out of the printer, as pictures. */
async function saveReceipts(slips: readonly Slip[]): Promise<void> {
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error('there is no Chromium to draw the receipts with');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  try {
    const page = await browser.newPage({ viewport: { width: 720, height: 1200 } });
    for (const [index, slip] of slips.entries()) {
      await page.setContent(`<body style="margin:0;padding:24px;background:#d9d6d0">${renderSlipSvg(slip)}</body>`);
      await page.locator('svg').screenshot({ path: path.join(folder, `receipt-${index + 1}.png`) });
    }
  } finally {
    await browser.close();
  }
}

function saveReport(audit: Audit): void {
  const { version, source } = electronRuntime();
  const report = { ...audit, electron: { version, source } };
  fs.writeFileSync(path.join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  const cny = (amount: number) => formatMoney(money(amount, 'CNY'));
  const rows = audit.orders.map(({ number, amount, kiosk, terminal, printed, hq, agree }) => [
    number, cny(amount), `${kiosk.state}, receipt ${kiosk.receipt}`, terminal ? `${terminal.state} ${cny(terminal.amount)} (${terminal.receiptNumber})` : 'nothing',
    `${printed.slips} × ${printed.total ?? 'nothing'}`, hq ? `${hq.state} ${cny(hq.amount)}` : 'nothing', agree ? 'yes' : 'NO',
  ]);
  const table = [['Number', 'Amount', "Kiosk's store", 'Terminal booked', 'Printed', 'HQ holds', 'Agree'], Array<string>(7).fill('---'), ...rows];
  fs.writeFileSync(path.join(folder, 'report.md'), [
    '# Demo', '', `Electron ${version} (${source}). All books agree: **${audit.agree ? 'yes' : 'NO'}**.`, '',
    ...table.map((row) => `| ${row.join(' | ')} |`), '', ...audit.strays.map((stray) => `- ${stray}`), '',
  ].join('\n'));
}

demo().then(
  (agree) => {
    console.log(`demo: ${agree ? 'all four books agree' : 'the books do NOT agree'}; see out/demo/report.md`);
    process.exit(agree ? 0 : 1);
  },
  (cause: unknown) => {
    console.error(`demo: ${cause instanceof Error ? cause.stack : String(cause)}`);
    process.exit(1);
  },
);
