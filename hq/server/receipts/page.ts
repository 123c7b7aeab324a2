import { createHash } from 'node:crypto';
import { renderSVG } from 'uqr';
import type { Bilingual, Language } from '../../../domain/language.ts';
import type { Receipt, ReceiptLine } from '../../../domain/receipt/receipt.ts';
import type { FoundReceipt } from './find.ts';
import { receiptPageStyle } from './style.ts';
import { receiptPageWords } from './words.ts';

const styleHash = createHash('sha256').update(receiptPageStyle).digest('base64');

/** Nothing is loaded and nothing runs: the page is its own text, its own style and a drawing. */
export const receiptPagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export interface ReceiptPage {
  readonly status: 200 | 404;
  readonly html: string;
}

/** The e-receipt on a customer's phone, in the order's language; what is not there is said in both. */
export function renderReceiptPage(found: FoundReceipt, pictureUrl: string): ReceiptPage {
  if (found.kind === 'receipt') {
    const { language } = found.receipt;
    const note = found.isRefunded ? `<p class="note" role="status">${escapeHtml(receiptPageWords.refunded[language])}</p>` : '';
    const title = `${receiptPageWords.title[language]} ${found.number}`;
    return { status: 200, html: page(language, title, `<main class="paper">${note}${renderLines(found.receipt)}</main>${renderServices(found, language)}<p class="keep">${escapeHtml(receiptPageWords.keep[language])} <a href="${escapeHtml(pictureUrl)}">${escapeHtml(receiptPageWords.asPrinted[language])}</a></p>`, isOpen(found) ? askAgain : '') };
  }
  const words = receiptPageWords[found.kind];
  const body = (['zh', 'en'] as const)
    .map((language) => `<section lang="${htmlLanguage(language)}"><h1>${escapeHtml(words.title[language])}</h1><p>${escapeHtml(words.text[language])}</p></section>`)
    .join('');
  // The page asks again by itself: the kiosk may be about to reach HQ.
  return { status: 404, html: page('zh', bothLanguages(words.title), `<main class="kind">${body}</main>`, found.kind === 'given_up' ? '' : askAgain) };
}

const askAgain = '<meta http-equiv="refresh" content="20">';

/** Whether something is still credited: the page looks again by itself. */
function isOpen({ services, isRefunded }: Extract<FoundReceipt, { kind: 'receipt' }>): boolean {
  return !isRefunded && services.some(({ state }) => state === 'asked' || state === 'pending');
}

/** Where each service stands now, which the paper could not know. */
function renderServices({ services, isRefunded }: Extract<FoundReceipt, { kind: 'receipt' }>, language: Language): string {
  if (services.length === 0 || isRefunded) return '';
  const words = receiptPageWords.services;
  const items = services.map(({ name, state, reference, until }) => {
    const found = reference === null ? '' : `<span class="reference">${escapeHtml(words.reference[language])} ${escapeHtml(reference)}</span>`;
    return `<li><strong>${escapeHtml(name[language])}</strong><span>${escapeHtml(words.state[state][language])}</span>${found}${until === null ? '' : `<span>${escapeHtml(words.until[language](until))}</span>`}</li>`;
  });
  return `<section class="paper services" aria-labelledby="services"><h2 id="services">${escapeHtml(words.title[language])}</h2><ul>${items.join('')}</ul></section>`;
}

/** The lines of a receipt as HTML. Every text is escaped: names come from catalogues. */
function renderLines(receipt: Receipt): string {
  return receipt.lines.map(renderLine).join('\n');
}

function renderLine(line: ReceiptLine): string {
  switch (line.kind) {
    case 'text':
      return `<p class="text ${line.align} ${line.size}${line.bold ? ' bold' : ''}">${escapeHtml(line.text)}</p>`;
    case 'pair':
      return `<p class="pair indent-${Math.min(line.indent, 3)}${line.bold ? ' bold' : ''}"><span>${escapeHtml(line.left)}</span><span>${escapeHtml(line.right)}</span></p>`;
    case 'rule':
      return '<hr>';
    case 'feed':
      return '<div class="feed"></div>'.repeat(Math.min(line.lines, 5));
    case 'qr':
      return `<div class="qr" role="img" aria-label="QR">${renderSVG(line.data, { border: 2, ecc: 'M' })}</div>`;
    case 'table':
      return renderTable(line);
    case 'barcode':
      // On a phone's small screen no scanner would read its bars: the text is what it says.
      return `<p class="text center">${escapeHtml(line.text)}</p>`;
    case 'logo':
      return `<p class="text center double bold">${escapeHtml(line.text)}</p>`;
  }
}

function renderTable({ columns, rows }: Extract<ReceiptLine, { kind: 'table' }>): string {
  const cell = (tag: 'th scope="col"' | 'td', text: string, index: number): string => `<${tag} class="${columns[index]?.align ?? 'left'}">${escapeHtml(text)}</${tag.slice(0, 2)}>`;
  const head = columns.some(({ header }) => header !== '') ? `<thead><tr>${columns.map(({ header }, index) => cell('th scope="col"', header, index)).join('')}</tr></thead>` : '';
  const body = rows.map((row) => `<tr>${columns.map((_, index) => cell('td', row[index] ?? '', index)).join('')}</tr>`).join('');
  return `<table>${head}<tbody>${body}</tbody></table>`;
}

function page(language: Language, title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="${htmlLanguage(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light">${head}
<title>${escapeHtml(title)}</title>
<style>${receiptPageStyle}</style>
</head>
<body>${body}</body>
</html>
`;
}

function htmlLanguage(language: Language): string {
  return language === 'zh' ? 'zh-CN' : 'en';
}

function bothLanguages(text: Bilingual): string {
  return `${text.zh} · ${text.en}`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
