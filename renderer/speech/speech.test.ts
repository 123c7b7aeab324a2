import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Port } from '../state/kiosk-client.ts';
import { createKioskClient } from '../state/kiosk-client.ts';
import { monotonicNow } from '../state/monotonic.ts';
import { createStore } from '../state/store.ts';
import { noon, shopfrontOf, status } from '../state/testing/shop-rig.ts';
import { createPage } from './page.fixture.ts';
import type { Said } from './speaker.ts';
import { createSpeech, spokenEvent } from './speech.ts';

beforeEach(() => void vi.useFakeTimers({ now: noon }));
afterEach(() => void vi.useRealTimers());

const home = '<main><h1>您想办点什么？</h1><p>选一类开始。</p><button>日用好物</button><button aria-label="加一件 可乐 ￥3.50">+</button><p role="status"></p></main>';
const shopfront = shopfrontOf();

/** The page with core's end of its line: the real store and client, and a document of the fixture in place of a browser's. */
async function openKiosk(markup = home) {
  const page = createPage(markup);
  const methods: string[] = [];
  let send: (data: unknown) => void = () => {};
  const port: Port = {
    postMessage(message) {
      const { id, method } = message as { readonly id: number; readonly method: string };
      methods.push(method);
      const value = method === 'open' ? { status, shopfront } : method === 'callHelp' || method === 'endHelp' ? { kind: 'none' } : {};
      queueMicrotask(() => send({ kind: 'response', id, result: { ok: true, value } }));
    },
    addEventListener: (_, listener) => (send = (data) => listener({ data })),
    start() {},
    close() {},
  };
  const client = createKioskClient(port);
  const store = createStore({ client, now: Date.now, monotonicNow, random: (count) => new Uint8Array(count) });
  const volumes: number[] = [];
  const said: Said[] = [];
  let mutated: () => void = () => {};
  let watches = 0;
  const target = new EventTarget();
  const devices = Object.assign(new EventTarget(), { outputs: ['built-in'], enumerateDevices: async () => devices.outputs.map((deviceId) => ({ kind: 'audiooutput', deviceId })) });
  const window = Object.assign(target, {
    document: page.document, CustomEvent, performance, navigator: { mediaDevices: devices },
    getComputedStyle: (element: { readonly localName: string }) => ({ display: /^(?:span|button|b)$/.test(element.localName) ? 'inline' : 'block', position: 'static' }),
    MutationObserver: class {
      constructor(listener: () => void) {
        mutated = listener;
      }
      observe() {
        watches += 1;
      }
      disconnect() {
        watches -= 1;
      }
    },
  });
  Object.assign(page.fake.body, { checkVisibility: () => true });
  const withStyles = (element: ReturnType<typeof page.find>): void => {
    Object.assign(element, { checkVisibility: () => true });
    for (const child of element.childNodes) if (child.nodeType === 1) withStyles(child);
  };
  withStyles(page.fake.body);
  window.addEventListener(spokenEvent, (event) => said.push((event as CustomEvent<Said>).detail));
  const speech = createSpeech({
    store, client, window: window as never,
    player: { wake() {}, play: async () => {}, stop() {}, setVolume: (volume) => volumes.push(volume) },
  });
  store.dispatch({ kind: 'connected' });
  await vi.advanceTimersByTimeAsync(10);

  function key(type: 'keydown' | 'keyup', code: string, fields: Record<string, unknown> = {}) {
    const event = Object.assign(new Event(type, { cancelable: true, bubbles: true }), { code, key: code.length === 1 ? code : code, repeat: false, ctrlKey: false, altKey: false, metaKey: false, isComposing: false });
    for (const [name, value] of Object.entries({ timeStamp: performance.now(), ...fields })) Object.defineProperty(event, name, { value });
    window.dispatchEvent(event);
    return event;
  }
  const settle = () => vi.advanceTimersByTimeAsync(200);
  return {
    page, store, speech, methods, volumes, devices, key, settle,
    async press(code: string) {
      key('keydown', code);
      key('keyup', code);
      await settle();
    },
    async change(next: string) {
      page.render(next);
      withStyles(page.fake.body);
      mutated();
      await settle();
    },
    async mutate() {
      mutated();
      await settle();
    },
    heard: () => said.splice(0).map(({ text }) => text),
    said: () => said.splice(0),
    watches: () => watches,
    ringAt: () => [...page.fake.body.childNodes].flatMap(function marked(node): string[] {
      return node.nodeType === 1 ? [...(node.attributes.has('data-reading') ? [node.textContent] : []), ...node.childNodes.flatMap(marked)] : [];
    }),
  };
}

async function begun(markup = home) {
  const kiosk = await openKiosk(markup);
  await kiosk.press('F11');
  kiosk.store.dispatch({ kind: 'language_chosen', language: 'zh' });
  await kiosk.settle();
  kiosk.heard();
  return kiosk;
}

describe('speech', () => {
  it('takes no key while it is off, but the one that begins', async () => {
    const { key, heard, store } = await openKiosk();
    for (const code of ['ArrowDown', 'ArrowUp', 'Enter', 'F1', 'F12', 'F7']) expect(key('keydown', code).defaultPrevented, code).toBe(false);
    expect([heard(), store.getModel().visit]).toEqual([[], undefined]);
    expect(key('keydown', 'F11').defaultPrevented).toBe(true);
    expect(store.getModel().visit?.speech.on).toBe(true);
  });

  it('begins a visit, explains itself in both languages while none is chosen, and says the screen', async () => {
    const { press, heard } = await openKiosk();
    await press('F11');
    const texts = heard();
    expect(texts[0]).toMatch(/^语音已打开/);
    expect(texts[1]).toMatch(/^Speech is on/);
    expect(texts[2]).toBe('您想办点什么？选一类开始。有 2 项可选。');
  });

  it('reads on and back, and says where it ends', async () => {
    const { press, heard, ringAt } = await begun();
    await press('ArrowDown');
    await press('ArrowDown');
    expect([heard(), ringAt()]).toEqual([['选一类开始。', '日用好物，按钮'], ['日用好物']]);
    await press('ArrowDown');
    await press('ArrowDown');
    expect(heard().at(-1)).toBe('已到末尾。加一件 可乐 ￥3.50，按钮。');
    for (let times = 0; times < 4; times += 1) await press('ArrowUp');
    expect(heard().at(-1)).toBe('已到开头。您想办点什么？标题。');
  });

  it('presses on release what was named before, and says what that did', async () => {
    const { press, key, page, mutate, heard, settle } = await begun();
    for (let times = 0; times < 3; times += 1) await press('ArrowDown');
    const button = page.find('加一件 可乐 ￥3.50');
    const region = page.fake.body.childNodes[0];
    heard();
    key('keydown', 'Enter');
    await settle();
    expect(button.clicks).toBe(0);
    key('keyup', 'Enter');
    expect(button.clicks).toBe(1);
    if (region?.nodeType === 1) (region.childNodes.at(-1) as { childNodes: unknown[] }).childNodes.push({ nodeType: 3, data: '可乐已加入，共 1 件' });
    await mutate();
    expect(heard()).toEqual(['可乐已加入，共 1 件。']);
  });

  it('says that it was pressed where nothing else tells it', async () => {
    const { press, settle, heard } = await begun();
    await press('ArrowDown');
    await press('ArrowDown');
    heard();
    await press('Enter');
    await settle();
    await settle();
    expect(heard()).toEqual(['已按下']);
  });

  it('repeats where OK is held, and presses nothing', async () => {
    const { press, key, page, heard } = await begun();
    await press('ArrowDown');
    await press('ArrowDown');
    heard();
    key('keydown', 'Enter');
    await vi.advanceTimersByTimeAsync(750);
    key('keydown', 'Enter', { repeat: true });
    key('keyup', 'Enter');
    expect([heard(), page.find('日用好物').clicks]).toEqual([['日用好物，按钮'], 0]);
  });

  it('presses nothing that is unavailable, and says so', async () => {
    const { press, page, heard } = await begun('<main><h1>充值</h1><button disabled="">充值</button></main>');
    await press('ArrowDown');
    await press('Enter');
    expect([heard(), page.find('充值').clicks]).toEqual([['充值，按钮，不可用', '充值，按钮，不可用'], 0]);
  });

  it('leaves the Enter of a scanner that types to the page', async () => {
    const { key } = await begun();
    key('keydown', 'Digit4', { key: '4' });
    await vi.advanceTimersByTimeAsync(20);
    expect(key('keydown', 'Enter').defaultPrevented).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(key('keydown', 'Enter').defaultPrevented).toBe(true);
  });

  it('says a new screen from its title, and stands there', async () => {
    const { change, heard, press } = await begun();
    await press('ArrowDown');
    heard();
    await change('<main><h1>购物车</h1><p>合计 ￥3.50</p><button>付款 ￥3.50</button></main>');
    expect(heard()).toEqual(['购物车。合计 ￥3.50。有 1 项可选。']);
    await press('ArrowDown');
    expect(heard()).toEqual(['合计 ￥3.50']);
  });

  it('says a message around the title once, as the title and its sentences', async () => {
    const { change, heard } = await begun();
    await change('<main><section role="status"><h1>刚才没有开始付款</h1><p>没有扣款，请再试一次。</p></section><button>再试一次 ￥3.50</button></main>');
    expect(heard()).toEqual(['刚才没有开始付款。没有扣款，请再试一次。']);
  });

  it('stays where it was while a message changes by itself, and goes to the title where that is gone', async () => {
    const { change, heard, press, ringAt } = await begun('<main><section role="status"><h1>请刷卡</h1></section><button>取消付款</button></main>');
    await press('ArrowDown');
    heard();
    await change('<main><section role="status"><h1>请在刷卡机上输入密码</h1></section><button>取消付款</button></main>');
    expect([heard(), ringAt()]).toEqual([['请在刷卡机上输入密码。'], ['取消付款']]);
    await change('<main><section role="status"><h1>卡被拒绝</h1></section><button class="button button--main">再试一次 ￥3.50</button></main>');
    expect([heard(), ringAt()]).toEqual([['卡被拒绝。按左键：再试一次 ￥3.50。'], ['卡被拒绝']]);
  });

  it('goes from the title to the main action by one key, where there is one that can be pressed', async () => {
    const { press, change, heard } = await begun('<main><h1>确认订单</h1><ul><li><button>修改 可乐</button></li></ul></main><footer><button>返回</button><button class="button button--main">付款 ￥3.50</button></footer>');
    await press('ArrowLeft');
    expect(heard()).toEqual(['付款 ￥3.50，按钮']);
    await press('ArrowLeft');
    await press('ArrowLeft');
    expect(heard()).toEqual(['返回，按钮', '修改 可乐，按钮']);
    await change('<main><h1>清单</h1><p>空</p></main><footer><button>返回</button><button class="button button--main" disabled="">去结算</button></footer>');
    heard();
    await press('ArrowLeft');
    expect(heard()).toEqual(['已到开头']);
  });

  it('says what a choice makes of the price on the main action', async () => {
    const sheet = (price: string, chosen: boolean) => `<main><h1>奶茶</h1><div role="radiogroup" aria-label="杯型"><button role="radio" aria-checked="${!chosen}">中杯</button><button role="radio" aria-checked="${chosen}">大杯</button></div><button class="button--main">加入 ${price}</button></main>`;
    const { press, change, heard } = await begun(sheet('￥15.00', false));
    await press('ArrowDown');
    await press('ArrowRight');
    expect(heard().at(-1)).toBe('大杯，单选项，已选中，第 2 项，共 2 项');
    await change(sheet('￥18.00', true));
    expect(heard()).toEqual(['加入 ￥18.00。']);
  });

  it('goes on a keypad from key to key as they lie, and out of it past its end', async () => {
    const rows = ['123', '456', '789', 'C0X'];
    const { press, page, heard } = await begun(`<main><h1>手机号</h1><div role="group" aria-label="数字键盘">${[...rows.join('')].map((key) => `<button>${key}</button>`).join('')}</div><button>下一步</button></main>`);
    for (const [y, row] of rows.entries()) for (const [x, key] of [...row].entries()) Object.assign(page.find(key), { getBoundingClientRect: () => ({ left: x * 90, top: y * 70, width: 80, height: 60 }) });
    for (const code of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown']) await press(code);
    expect(heard()).toEqual(['数字键盘，上下左右按键位移动，1', '4', '5', '8', '5', '6', '已到键盘边上。6。', '9', 'X', '下一步，按钮', '已到末尾。下一步，按钮。']);
  });

  it('knows nothing but a sheet that has opened, and returns to where it was', async () => {
    const { page, mutate, press, heard } = await begun();
    await press('ArrowDown');
    await press('ArrowDown');
    heard();
    const sheet = createPage('<div role="dialog" aria-label="确定退出吗？"><p>已选的内容会清空。</p><button>继续选购</button></div>').fake.body.childNodes[0];
    if (sheet?.nodeType !== 1) throw new Error('no sheet');
    for (const one of [sheet, ...sheet.childNodes]) Object.assign(one, { checkVisibility: () => true });
    page.fake.body.childNodes.push(sheet);
    await mutate();
    expect(heard()).toEqual(['弹出窗口，确定退出吗？已选的内容会清空。有 1 项可选。']);
    page.fake.body.childNodes.pop();
    await mutate();
    expect(heard()).toEqual(['回到您想办点什么？日用好物，按钮。']);
    await press('ArrowDown');
    expect(heard()).toEqual(['加一件 可乐 ￥3.50，按钮']);
  });

  it('goes on at what has the same name where the page was made anew', async () => {
    const { change, press, heard } = await begun();
    await press('ArrowDown');
    await press('ArrowDown');
    heard();
    await change(home);
    await press('ArrowDown');
    expect(heard()).toEqual(['加一件 可乐 ￥3.50，按钮']);
  });

  it('returns through two sheets, one over the other, step by step', async () => {
    const { page, mutate, press, heard } = await begun();
    const put = (name: string) => {
      const [dialog] = createPage(`<div role="dialog" aria-label="${name}"><button>一</button><button>二</button></div>`).fake.body.childNodes;
      if (dialog?.nodeType !== 1) throw new Error('no sheet');
      for (const one of [dialog, ...dialog.childNodes]) Object.assign(one, { checkVisibility: () => true });
      page.fake.body.childNodes.push(dialog);
      return mutate();
    };
    await press('ArrowDown');
    await put('可乐');
    await press('ArrowDown');
    await press('ArrowDown');
    await put('帮助');
    heard();
    page.fake.body.childNodes.pop();
    await mutate();
    expect(heard()).toEqual(['回到可乐。二，按钮。']);
    page.fake.body.childNodes.pop();
    await mutate();
    expect(heard()).toEqual(['回到您想办点什么？选一类开始。']);
  });

  it('changes a number by left and right, and says its limits', async () => {
    const { press, page, mutate, heard, settle } = await begun('<main><h1>可乐</h1><div role="group" aria-label="数量"><button disabled="" aria-label="减一件">-</button><output aria-live="polite">1</output><button aria-label="加一件">+</button></div></main>');
    await press('ArrowDown');
    await press('ArrowLeft');
    expect(heard()).toEqual(['数量，可调节，1，按左右键调节', '1。已是最少。']);
    page.find('加一件').onClick = () => {
      const [text] = page.find('1').childNodes;
      if (text?.nodeType === 3) text.data = '2';
    };
    await press('ArrowRight');
    await mutate();
    await settle();
    expect(heard()).toEqual(['2。']);
  });

  it('opens help by its key, and explains the keys by the second', async () => {
    const { press, store, heard } = await begun();
    await press('F1');
    expect(store.getModel().visit?.sheet).toMatchObject({ kind: 'help' });
    heard();
    await press('F1');
    expect(heard()[0]).toMatch(/^按键说明/);
  });

  it('sets speed and volume by keys within their limits, and forgets them with the visit', async () => {
    const { press, store, heard, volumes, watches, ringAt } = await begun();
    for (let times = 0; times < 12; times += 1) await press('F7');
    expect([heard().at(-1), volumes.at(-1)]).toEqual(['音量 10', 10]);
    await press('F6');
    expect(heard()).toEqual(['音量 9']);
    const speed = store.getModel().visit?.speech.wordsPerMinute ?? 0;
    await press('F9');
    expect([heard(), store.getModel().visit?.speech.wordsPerMinute]).toEqual([[`语速 ${speed + 25}`], speed + 25]);
    store.dispatch({ kind: 'idle_ended' });
    await vi.advanceTimersByTimeAsync(1000);
    expect([heard(), watches(), ringAt()]).toEqual([['本次服务已结束，语音已关闭。'], 0, []]);
    await press('F11');
    expect(store.getModel().visit?.speech.wordsPerMinute).toBe(speed);
    expect(volumes.at(-1)).toBe(store.getModel().visit?.speech.volume);
  });

  it('speaks each in its own language before one is chosen, and then in the one that was', async () => {
    const { press, store, said, heard, settle } = await openKiosk('<main><h1>标题</h1><button lang="zh-CN">中文</button><button lang="en">English</button></main>');
    await press('F11');
    heard();
    await press('ArrowDown');
    await press('ArrowDown');
    expect(said()).toEqual([{ text: '中文，按钮', language: 'zh' }, { text: 'English, button', language: 'en' }]);
    store.dispatch({ kind: 'language_chosen', language: 'en' });
    await settle();
    heard();
    await press('ArrowDown');
    await press('ArrowDown');
    expect(said()).toEqual([{ text: '中文, button', language: 'en' }, { text: 'English, button', language: 'en' }]);
  });

  it('begins when headphones come as a new sound output, and ends when they go', async () => {
    const { devices, store, settle } = await openKiosk();
    devices.outputs = ['built-in', 'headphones'];
    devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(store.getModel().visit?.speech.on).toBe(true);
    devices.outputs = ['built-in'];
    devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(store.getModel().visit?.speech.on).toBe(false);
  });

  it('says why nobody can begin where the kiosk is closed', async () => {
    const { store, press, heard, settle } = await openKiosk('<main><h1>暂停服务</h1><p>请到旁边的柜台办理。</p></main>');
    store.dispatch({ kind: 'told', event: { name: 'status', payload: { ...status, service: { kind: 'paused' } } } });
    await settle();
    await press('F11');
    expect([heard(), store.getModel().visit]).toEqual([['暂停服务。请到旁边的柜台办理。'], undefined]);
  });

  it('leaves no key, no timer and no watch behind when it is stopped', async () => {
    const { speech, key, watches, store } = await begun();
    speech.stop();
    expect(key('keydown', 'ArrowDown').defaultPrevented).toBe(false);
    expect(watches()).toBe(0);
    store.dispatch({ kind: 'idle_warned', endsAt: monotonicNow() + 20_000 });
    expect(watches()).toBe(0);
  });
});
