import fs from 'node:fs';
import type { Answer } from '../http.ts';

// Nothing from elsewhere, and no script but the one beside this file.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function html(title: string, main: string, page: 'phone' | 'books'): Answer {
  const body = `<!doctype html>
<html lang="zh-CN" data-page="${page}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="stylesheet" href="/phone/style.css"><link rel="icon" href="data:,"></head>
<body>
<header><h1 data-word="${page}"></h1><nav><a href="${page === 'phone' ? '/books' : '/phone'}" data-word="${page === 'phone' ? 'toBooks' : 'toPhone'}"></a><button type="button" id="language"></button></nav></header>
<main><p class="note" data-word="noMoney"></p>${main}</main>
<noscript>此页面需要 JavaScript。This page needs JavaScript.</noscript>
<script type="module" src="/phone/client.mjs"></script>
</body>
</html>
`;
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }, body };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The customer's phone: read the merchant's code and pay, or show a code to be charged by. */
export function phonePage(merchantName: string): Answer {
  return html('演示手机 Demo phone', `
<section id="payment" aria-labelledby="payment-title" hidden>
  <h2 id="payment-title" data-word="payTo"></h2>
  <p class="merchant">${escaped(merchantName)}</p>
  <p id="payment-wallet" class="wallet"></p>
  <p id="payment-title-text" class="title"></p>
  <p id="payment-amount" class="amount"></p>
  <p id="payment-state" class="state" role="status"></p>
  <p id="payment-password" hidden><label><span data-word="password"></span> <input type="password" inputmode="numeric" maxlength="6" autocomplete="off"></label></p>
  <p class="buttons"><button type="button" id="pay" class="main"></button><button type="button" id="pay-late" hidden data-word="payLate"></button><button type="button" id="leave" data-word="leave"></button></p>
</section>
<section id="asking" aria-labelledby="asking-title" hidden><h2 id="asking-title" data-word="asking"></h2><ul id="asking-list"></ul><p id="asking-state" role="status"></p></section>
<section aria-labelledby="read-title">
  <h2 id="read-title" data-word="readTitle"></h2>
  <form id="read"><label><span data-word="readLabel"></span> <input id="read-code" type="text" autocomplete="off" spellcheck="false"></label><button type="submit" data-word="readButton"></button></form>
  <p id="read-state" role="status"></p>
  <div id="shown" hidden><h3 data-word="shownTitle"></h3><ul id="shown-list"></ul></div>
</section>
<section aria-labelledby="codes-title">
  <h2 id="codes-title" data-word="codesTitle"></h2>
  <p><label class="check"><input type="checkbox" id="ask-password"> <span data-word="askPassword"></span></label></p>
  <p class="buttons"><button type="button" id="show-wechat" data-word="showWechat"></button><button type="button" id="show-alipay" data-word="showAlipay"></button></p>
  <div id="code" hidden><div id="code-picture" role="img"></div><output id="code-digits"></output><p class="buttons"><button type="button" id="copy" data-word="copy"></button></p><p id="code-state" role="status"></p></div>
</section>`, 'phone');
}

/** The gateways' own books. */
export function booksPage(): Answer {
  return html('演示网关的账本 Books', `
<section><h2 id="totals-title" data-word="totals"></h2><div class="wide" tabindex="0" role="region" aria-labelledby="totals-title"><table><thead><tr data-heads="wallet paid refunded net"></tr></thead><tbody id="totals"></tbody></table></div></section>
<section><h2 id="trades-title" data-word="trades"></h2><div class="wide" tabindex="0" role="region" aria-labelledby="trades-title"><table><thead><tr data-heads="time wallet number title amount state refunded"></tr></thead><tbody id="trades"></tbody></table></div></section>
<section><h2 id="calls-title" data-word="calls"></h2><div class="wide" tabindex="0" role="region" aria-labelledby="calls-title"><table><thead><tr data-heads="time wallet call number outcome"></tr></thead><tbody id="calls"></tbody></table></div></section>`, 'books');
}

export function pageScript(): Answer {
  return { status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' }, body: fs.readFileSync(new URL('client.mjs', import.meta.url), 'utf8') };
}

export function pageStyle(): Answer {
  return { status: 200, headers: { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-store' }, body: style };
}

const style = `
:root { color-scheme: light; --ink: #1b1b1f; --ground: #f7f5f2; --line: #8a857d; --brand: #0b6e4f; --bad: #a11d1d; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 30rem; padding: 1rem; background: var(--ground); color: var(--ink); font: 1.125rem/1.5 system-ui, "Noto Sans SC", sans-serif; }
[data-page=books] body { max-width: 72rem; }
header, nav, .buttons { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
header { justify-content: space-between; }
h1 { font-size: 1.25rem; margin: 0; } h2 { font-size: 1.125rem; margin: 0 0 .5rem; } h3 { font-size: 1rem; margin: .5rem 0 0; } p { margin: .25rem 0; }
section { background: #fff; border-radius: 1rem; padding: 1rem; margin: 1rem 0; }
.note { color: #55514b; font-size: .95rem; }
.amount { font-size: 2.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.merchant { font-weight: 600; } .state { font-weight: 600; } .bad { color: var(--bad); }
button, input[type=text], input[type=password] { font: inherit; min-height: 3rem; padding: .5rem 1rem; border-radius: .75rem; border: 1px solid var(--line); background: #fff; color: inherit; }
button { cursor: pointer; } button.main { background: var(--brand); border-color: var(--brand); color: #fff; font-weight: 600; }
button:disabled { opacity: .6; cursor: default; }
:focus-visible { outline: 3px solid #1155cc; outline-offset: 2px; }
input[type=text] { width: 100%; margin: .25rem 0 .5rem; } input[type=checkbox] { width: 1.5rem; height: 1.5rem; }
.check { display: flex; gap: .5rem; align-items: center; min-height: 3rem; }
#code-picture svg { display: block; width: 14rem; height: 14rem; margin: .5rem auto; }
#code-digits { display: block; text-align: center; font-size: 1.5rem; letter-spacing: .06em; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
ul { list-style: none; margin: 0; padding: 0; } li { padding: .5rem 0; border-top: 1px solid #ddd8d0; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .95rem; } th, td { text-align: left; padding: .375rem .75rem .375rem 0; border-bottom: 1px solid #ddd8d0; white-space: nowrap; }
[hidden] { display: none !important; }
`;
