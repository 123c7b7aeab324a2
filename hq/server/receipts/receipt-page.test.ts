import { describe, expect, test } from 'vitest';
import { languages } from '../../../domain/language.ts';
import type { Receipt, ReceiptLine } from '../../../domain/receipt/receipt.ts';
import { sampleKinds, sampleReceipt } from '../../../domain/receipt/testing/samples.ts';
import type { FoundReceipt } from './find.ts';
import { renderReceiptPage } from './page.ts';
import { receiptPicturePolicy, renderReceiptPicture } from './picture.ts';

const found = (receipt: Receipt): FoundReceipt => ({ kind: 'receipt', receipt, number: 'A042', isRefunded: false, services: [] });
const evil = '<script>alert("1")</script>&\'';
const lines: readonly ReceiptLine[] = [
  { kind: 'text', text: evil, align: 'center', size: 'double', bold: true },
  { kind: 'pair', left: evil, right: evil, bold: false, indent: 1 },
  { kind: 'table', columns: [{ header: evil, width: 1, align: 'left' }, { header: 'n', width: 1, align: 'right' }], rows: [[evil, '￥1.00'], ['x']] },
  { kind: 'barcode', data: evil, text: evil },
  { kind: 'logo', slot: 1, text: evil },
  { kind: 'qr', data: evil },
];

describe('the e-receipt', () => {
  test('has every line of every kind, in words that a screen reader reads', () => {
    const { html } = renderReceiptPage(found({ language: 'en', lines: [{ kind: 'table', columns: [{ header: 'Offer', width: 1, align: 'left' }, { header: 'Amount', width: 1, align: 'right' }], rows: [['Tea', '￥1.00']] }, { kind: 'barcode', data: 'A042', text: 'A042-7' }, { kind: 'logo', slot: 1, text: 'Counter24' }] }), '/r/x/paper.svg');
    expect(html).toContain('<th scope="col" class="left">Offer</th>');
    expect(html).toContain('<td class="right">￥1.00</td>');
    for (const text of ['A042-7', 'Counter24']) expect(html).toContain(`>${text}</p>`);
  });

  test('says where each service stands, and until when what was paid for and is open has its end', () => {
    const { html } = renderReceiptPage({ ...found({ language: 'en', lines: [] }), services: [
      { name: { zh: '充值', en: 'Top-up 50' }, state: 'pending', reference: null, until: '2026-11-23 13:05' }, { name: { zh: '套餐', en: 'Light plan' }, state: 'done', reference: 'CM42', until: null },
    ] } as FoundReceipt, '/r/x/paper.svg');
    expect(html).toMatch(/Top-up 50<.*Under way<.*Done by 2026-11-23 13:05, or your money goes back to you<\/span><\/li><li>.*Light plan<.*Reference CM42<\/span><\/li>/);
    expect(html).toContain('http-equiv="refresh"');
  });

  test('holds no markup of the texts in it', () => {
    const { html } = renderReceiptPage(found({ language: 'zh', lines }), '/r/x/paper.svg');
    expect(html).not.toMatch(/<script|undefined/);
    expect(html).toContain('<td class="right"></td>');
  });
});

describe('the picture of a receipt', () => {
  test.each(sampleKinds.flatMap((kind) => languages.map((language) => ({ kind, language }))))('is one self-contained drawing with its words ($kind, $language)', ({ kind, language }) => {
    const svg = renderReceiptPicture(found(sampleReceipt(kind, language, 48)))!;
    expect(svg).toMatch(/^<svg [^>]*aria-label="[^"]*A042"/);
    expect(svg).not.toMatch(/NaN|undefined|href|url\(|<script|<style/);
    expect(svg.match(/<text /g)!.length).toBeGreaterThan(5);
  });

  test('holds no markup of the texts in it, and may load and run nothing', () => {
    const svg = renderReceiptPicture(found({ language: 'zh', lines }))!;
    expect(svg).not.toMatch(/<script/);
    expect(svg).toContain('&#60;script&#62;');
    expect(receiptPicturePolicy).toMatch(/^default-src 'none'/);
  });

  test.each(['not_here', 'not_paid', 'given_up'] as const)('is not there where there is no receipt (%s)', (kind) => {
    expect(renderReceiptPicture({ kind })).toBeUndefined();
  });
});
