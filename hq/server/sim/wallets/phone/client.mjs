// The demo phone and the books, in the browser. It knows only the JSON of routes.ts.

const words = {
  zh: {
    phone: '演示手机', books: '网关账本', toBooks: '账本', toPhone: '手机', noMoney: '这里没有真钱。密码是 123456。', payTo: '付款给', password: '支付密码', pay: '付款', payLate: '仍然付款（在途的付款）', leave: '不付了',
    asking: '请确认付款', confirm: '确认付款', refuse: '取消', readTitle: '扫商家的码', readLabel: '粘贴二维码的内容', readButton: '打开', shownTitle: '现在屏幕上的码', codesTitle: '出示付款码', askPassword: '付款时要我的密码', showWechat: '微信付款码', showAlipay: '支付宝付款码',
    copy: '复制数字', copied: '已复制', seconds: '秒后失效', expiredCode: '付款码已失效，请重新出示', totals: '合计', trades: '交易', calls: '最近的请求', wallet: '钱包', paid: '收款', refunded: '退款', net: '净额', time: '时间', number: '商户订单号', title: '商品', amount: '金额', state: '状态', call: '请求', outcome: '结果',
    wechat: '微信支付', alipay: '支付宝', nothing: '还没有', done: '已付款', gone: '连不上网关，请稍后再试', unknown_code: '找不到这笔付款', already_paid: '这笔付款已经完成', ended: '商家已关闭这笔付款', expired: '这笔付款已过期', wrong_password: '密码不对', left: '没有付款。码还有效时可以再打开。', payCode: '付款码二维码',
    states: { waiting: '等待付款', confirming: '等待输入密码', paid: '已付款', closed: '已关闭', revoked: '已撤销', failed: '未付成' },
  },
  en: {
    phone: 'Demo phone', books: "The gateways' books", toBooks: 'Books', toPhone: 'Phone', noMoney: 'There is no real money here. The password is 123456.', payTo: 'Pay to', password: 'Password', pay: 'Pay', payLate: 'Pay all the same (it was on its way)', leave: "Don't pay",
    asking: 'Please confirm', confirm: 'Confirm and pay', refuse: 'Refuse', readTitle: "Read the merchant's code", readLabel: "Paste the QR code's text", readButton: 'Open', shownTitle: 'On screens now', codesTitle: 'Show a payment code', askPassword: 'Ask for my password', showWechat: 'WeChat code', showAlipay: 'Alipay code',
    copy: 'Copy the digits', copied: 'Copied', seconds: 's left', expiredCode: 'This code is too old. Show a new one.', totals: 'Totals', trades: 'Payments', calls: 'Latest calls', wallet: 'Wallet', paid: 'Paid', refunded: 'Refunded', net: 'Net', time: 'Time', number: 'Merchant number', title: 'What', amount: 'Amount', state: 'State', call: 'Call', outcome: 'Outcome',
    wechat: 'WeChat Pay', alipay: 'Alipay', nothing: 'Nothing yet', done: 'Paid', gone: 'The gateway does not answer. Try again in a moment.', unknown_code: 'There is no such payment', already_paid: 'It has been paid already', ended: 'The merchant has closed this payment', expired: 'This payment is too old', wrong_password: 'That password is wrong', left: 'Nothing was paid. Open it again while the code is good.', payCode: 'Payment code as a QR code',
    states: { waiting: 'Waiting for payment', confirming: 'Waiting for the password', paid: 'Paid', closed: 'Closed', revoked: 'Taken back', failed: 'Not paid' },
  },
};

const passwordAboveFen = 100_000;
const byId = (id) => document.getElementById(id);
const page = document.documentElement.dataset.page;
let language = localStorage.getItem('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
const word = (name) => words[language][name] ?? name;
const money = (fen) => `￥${(fen / 100).toFixed(2)}`;

async function ask(path, body) {
  const answer = await fetch(path, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

function say(id, text, isBad = false) {
  const place = byId(id);
  // Said once: a live region that is written again is read again.
  if (place.textContent !== text) place.textContent = text;
  place.classList.toggle('bad', isBad);
}

function showWords() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  byId('language').textContent = language === 'zh' ? 'English' : '中文';
  byId('language').lang = language === 'zh' ? 'en' : 'zh-CN';
  for (const place of document.querySelectorAll('[data-word]')) place.textContent = word(place.dataset.word);
  for (const row of document.querySelectorAll('[data-heads]')) {
    row.replaceChildren(...row.dataset.heads.split(' ').map((name) => Object.assign(document.createElement('th'), { scope: 'col', textContent: word(name) })));
  }
}

/** The payment that is open, and the code that opened it. */
let open;
let openCode = '';

function showPayment() {
  byId('payment').hidden = !open;
  if (!open) return;
  const isOpen = open.state === 'waiting' && !open.isExpired;
  byId('payment-wallet').textContent = word(open.wallet);
  byId('payment-title-text').textContent = open.title;
  byId('payment-amount').textContent = money(open.amountFen);
  byId('pay').textContent = `${word('pay')} ${money(open.amountFen)}`;
  byId('pay').hidden = !isOpen;
  byId('leave').hidden = !isOpen;
  byId('pay-late').hidden = isOpen || open.paidAt !== undefined;
  byId('payment-password').hidden = !isOpen || open.amountFen <= passwordAboveFen;
  say('payment-state', open.isExpired && open.state === 'waiting' ? word('expired') : word('states')[open.state]);
}

async function read(code) {
  try {
    const answer = await ask('/phone/api/read', { code });
    open = answer.ok ? answer.trade : undefined;
    openCode = code;
    say('read-state', answer.ok ? '' : word(answer.why), true);
    showPayment();
    if (open) byId(open.state === 'waiting' && !open.isExpired ? 'pay' : 'read-code').focus();
  } catch {
    say('read-state', word('gone'), true);
  }
}

async function pay(force) {
  if (!open) return;
  const field = byId('payment-password').querySelector('input');
  const needsPassword = !byId('payment-password').hidden;
  byId('pay').disabled = byId('pay-late').disabled = true;
  try {
    const answer = await ask('/phone/api/pay', { wallet: open.wallet, tradeNo: open.tradeNo, force, ...(needsPassword ? { password: field.value } : {}) });
    field.value = '';
    if (answer.ok) open = answer.trade;
    showPayment();
    if (!answer.ok) {
      say('payment-state', word(answer.why), true);
      if (answer.why === 'ended' || answer.why === 'expired') {
        byId('pay').hidden = byId('leave').hidden = byId('payment-password').hidden = true;
        byId('pay-late').hidden = false;
      }
    }
  } catch {
    say('payment-state', word('gone'), true);
  } finally {
    byId('pay').disabled = byId('pay-late').disabled = false;
  }
}

/** The merchant may close it meanwhile, or its time may be over. */
async function look() {
  if (open?.state !== 'waiting' || open.isExpired || byId('pay').disabled) return;
  const before = open;
  const answer = await ask('/phone/api/read', { code: openCode });
  if (!answer.ok || open !== before || (answer.trade.state === before.state && answer.trade.isExpired === before.isExpired)) return;
  open = answer.trade;
  showPayment();
}

let asked = '';

/** What waits for a password. Drawn again only when it is another list, so that nobody's typing is lost. */
async function showAsking() {
  const list = await ask('/phone/api/asking');
  byId('asking').hidden = list.length === 0 && byId('asking-state').textContent === '';
  const key = `${language} ${list.map(({ wallet, tradeNo }) => `${wallet} ${tradeNo}`).join()}`;
  if (key === asked) return;
  asked = key;
  byId('asking-list').replaceChildren(...list.map(({ wallet, tradeNo, title, amountFen }) => {
    const row = document.createElement('li');
    const text = Object.assign(document.createElement('p'), { textContent: `${word(wallet)} · ${title} · ${money(amountFen)}` });
    const label = Object.assign(document.createElement('label'), { textContent: `${word('password')} ` });
    const field = Object.assign(document.createElement('input'), { type: 'password', inputMode: 'numeric', maxLength: 6, autocomplete: 'off' });
    label.append(field);
    const buttons = Object.assign(document.createElement('p'), { className: 'buttons' });
    const yes = Object.assign(document.createElement('button'), { type: 'button', className: 'main', textContent: word('confirm') });
    const no = Object.assign(document.createElement('button'), { type: 'button', textContent: word('refuse') });
    yes.addEventListener('click', async () => {
      const answer = await ask('/phone/api/pay', { wallet, tradeNo, password: field.value }).catch(() => ({ ok: false, why: 'gone' }));
      say('asking-state', answer.ok ? word('done') : word(answer.why), !answer.ok);
    });
    no.addEventListener('click', async () => {
      const answer = await ask('/phone/api/refuse', { wallet, tradeNo }).catch(() => ({ ok: false, why: 'gone' }));
      say('asking-state', answer.ok ? word('states')[answer.trade.state] : word(answer.why), !answer.ok);
    });
    buttons.append(yes, no);
    row.append(text, label, buttons);
    return row;
  }));
}

let shown = '';

/** A phone would read them with its camera; this one has none. Drawn again only when it is another list. */
async function showShown() {
  const list = await ask('/phone/api/shown');
  const key = `${language} ${list.map(({ path }) => path).join()}`;
  if (key === shown) return;
  shown = key;
  byId('shown').hidden = list.length === 0;
  byId('shown-list').replaceChildren(...list.map(({ wallet, title, amountFen, path }) => {
    const row = document.createElement('li');
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: `${word(wallet)} · ${title} · ${money(amountFen)}` });
    button.addEventListener('click', () => void read(path));
    row.append(button);
    return row;
  }));
}

let codeEndsAt;

async function showCode(wallet) {
  try {
    const { digits, svg, leftMs } = await ask('/phone/api/code', { wallet, needsPassword: byId('ask-password').checked });
    byId('code').hidden = false;
    // Made by our own server from digits: nothing that a person wrote.
    byId('code-picture').innerHTML = svg;
    byId('code-picture').setAttribute('aria-label', word('payCode'));
    byId('code-digits').textContent = digits;
    byId('code-digits').dataset.wallet = wallet;
    codeEndsAt = performance.now() + leftMs;
    say('code-state', '');
  } catch {
    byId('code').hidden = false;
    say('code-state', word('gone'), true);
  }
}

function startPhone() {
  byId('read').addEventListener('submit', (event) => {
    event.preventDefault();
    void read(byId('read-code').value);
  });
  byId('pay').addEventListener('click', () => void pay(false));
  byId('pay-late').addEventListener('click', () => void pay(true));
  byId('leave').addEventListener('click', () => {
    open = undefined;
    showPayment();
    say('read-state', word('left'));
    history.replaceState(null, '', '/phone');
  });
  byId('show-wechat').addEventListener('click', () => void showCode('wechat'));
  byId('show-alipay').addEventListener('click', () => void showCode('alipay'));
  byId('copy').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(byId('code-digits').textContent);
      say('code-state', word('copied'));
    } catch {
      // Without leave for the clipboard the digits are there to be marked by hand.
      getSelection().selectAllChildren(byId('code-digits'));
    }
  });
  setInterval(() => {
    void showAsking().catch(() => {});
    void showShown().catch(() => {});
    void look().catch(() => {});
    if (codeEndsAt !== undefined && performance.now() > codeEndsAt) {
      codeEndsAt = undefined;
      byId('code-picture').replaceChildren();
      byId('code-digits').textContent = '';
      say('code-state', word('expiredCode'), true);
    }
  }, 1000);
  void showAsking().catch(() => {});
  void showShown().catch(() => {});
  if (/^\/phone\/[wa]\//.test(location.pathname)) void read(location.pathname);
}

function rowsInto(id, rows) {
  byId(id).replaceChildren(...(rows.length > 0 ? rows : [[word('nothing')]]).map((cells) => {
    const row = document.createElement('tr');
    row.append(...cells.map((cell) => Object.assign(document.createElement('td'), { textContent: cell })));
    return row;
  }));
}

async function showBooks() {
  const { totals, trades, calls } = await ask('/books.json');
  const time = (at) => new Date(at).toLocaleString(document.documentElement.lang);
  rowsInto('totals', ['wechat', 'alipay'].map((wallet) => [word(wallet), money(totals[wallet].paidFen), money(totals[wallet].refundedFen), money(totals[wallet].netFen)]));
  rowsInto('trades', trades.map(({ at, wallet, tradeNo, title, amountFen, state, refundedFen }) => [time(at), word(wallet), tradeNo, title, money(amountFen), word('states')[state], money(refundedFen)]));
  rowsInto('calls', calls.map(({ at, wallet, on, tradeNo, outcome }) => [time(at), word(wallet), on, tradeNo ?? '', outcome]));
}

byId('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  localStorage.setItem('language', language);
  showWords();
  if (page === 'phone') showPayment();
  else void showBooks().catch(() => {});
});
showWords();
if (page === 'phone') startPhone();
else {
  void showBooks().catch(() => {});
  setInterval(() => void showBooks().catch(() => {}), 2000);
}
