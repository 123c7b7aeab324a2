import { describe, expect, it } from 'vitest';
import { wordsOf } from '../i18n/language.ts';
import { createPage, look } from './page.fixture.ts';
import { stopsOf, worldOf } from './reading.ts';
import { jump } from './snapshot.ts';
import { sayChange, sayStop, sayTyped } from './utterance.ts';

const zh = { language: 'zh', words: wordsOf.zh.spoken } as const;
const en = { language: 'en', words: wordsOf.en.spoken } as const;

function read(markup: string) {
  const { body } = createPage(markup);
  return stopsOf(worldOf(body, look), look);
}

const heard = (markup: string) => read(markup).map((stop) => sayStop(stop, zh));

describe('what is read, in the order of the page', () => {
  it('names headings, texts and buttons, with the place in their list', () => {
    expect(heard('<main><h1>您想办点什么？</h1><p>选一类开始。</p><ul><li><button>日用好物</button></li><li><button aria-label="加一件 可乐 ￥3.50">+</button></li></ul></main>')).toEqual([
      '您想办点什么？标题', '选一类开始。', '日用好物，按钮，第 1 项，共 2 项', '加一件 可乐 ￥3.50，按钮，第 2 项，共 2 项',
    ]);
  });

  it('reads an amount once, and leaves out what is only for the eye', () => {
    expect(heard('<p>合计 <span class="money"><span class="unseen">￥12.50</span><span aria-hidden="true">￥12.50</span></span></p><div aria-hidden="true"><button>x</button></div><p style="hidden">y</p><div inert><p>z</p></div>')).toEqual(['合计 ￥12.50']);
  });

  it('reads a name and its price together, and the entries of a list one by one', () => {
    expect(heard('<div><span style="block">合计</span><span style="block">￥23.50</span></div><ul><li>可乐</li><li>汉堡</li></ul>')).toEqual(['合计，￥23.50', '可乐', '汉堡']);
  });

  it('reads text that stands beside a button', () => {
    expect(heard('<div>还没有选东西 <b>看看</b> <button>去看看</button> 谢谢</div>')).toEqual(['还没有选东西 看看', '去看看，按钮', '谢谢']);
  });

  it('tells state: switches, choices, what is shown now, what cannot be pressed and why', () => {
    expect(
      heard(
        '<button aria-pressed="true">大字</button><div role="radiogroup" aria-label="杯型"><button role="radio" aria-checked="true">小杯</button><button role="radio" aria-checked="false">大杯</button></div><nav aria-label="分类"><button aria-current="true">饮料</button></nav><button disabled="" aria-describedby="why">充值</button><p id="why">暂时办不了</p><button aria-expanded="false">问题</button>',
      ),
    ).toEqual([
      '大字，开关，开', '杯型，小杯，单选项，已选中，第 1 项，共 2 项', '杯型，大杯，单选项，未选中，第 2 项，共 2 项', '分类，饮料，按钮，当前', '充值，按钮，不可用，暂时办不了', '暂时办不了', '问题，按钮，已收起',
    ]);
  });

  it('names a group once, on the way into it', () => {
    const [first, second] = read('<div role="radiogroup" aria-label="杯型"><button role="radio" aria-checked="true">小杯</button><button role="radio" aria-checked="false">大杯</button></div>');
    expect(second && sayStop(second, zh, first)).toBe('大杯，单选项，未选中，第 2 项，共 2 项');
  });

  it('takes a stepper for one thing that left and right change', () => {
    const stops = read('<div role="group" aria-label="可乐 数量"><button disabled="" aria-label="减一件">-</button><output aria-live="polite">1</output><button aria-label="加一件">+</button></div>');
    expect(stops.map((stop) => sayStop(stop, zh))).toEqual(['可乐 数量，可调节，1，按左右键调节']);
    expect([stops[0]?.less?.getAttribute('aria-label'), stops[0]?.more?.getAttribute('aria-label')]).toEqual(['减一件', '加一件']);
  });

  it('keeps a group of two buttons with more in it as it is', () => {
    expect(heard('<div role="group" aria-label="组"><button>a</button><output>1</output><button>b</button><button>c</button></div>')).toHaveLength(4);
  });

  it('says a field by its label, its value, a phone number digit by digit, and of a secret only how long it is', () => {
    expect(heard('<label for="p">手机号</label><input id="p" type="tel" value="13912"/><label>姓名<input value=""/></label><input aria-label="密码" type="password" value="2468"/><input aria-label="邮编" value="200 001"/><input aria-label="年限" type="number" value="12"/>')).toEqual([
      '手机号，输入框，1 3 9 1 2', '姓名，输入框，空', '密码，输入框，已输入 4 位', '邮编，输入框，2 0 0 0 0 1', '年限，输入框，12',
    ]);
  });

  it('reads what is marked by its digits', () => {
    expect(heard('<p data-spoken="digits">139 12</p>')).toEqual(['1 3 9 1 2']);
  });

  it('takes a radio inside its label for one stop, with the ring around the label', () => {
    const stops = read('<label><span style="inline"><input type="radio" checked=""/></span>银行卡</label>');
    expect(stops.map((stop) => sayStop(stop, zh))).toEqual(['银行卡，单选项，已选中']);
    expect([stops[0]?.element.localName, stops[0]?.target.localName]).toEqual(['label', 'input']);
  });

  it('speaks a part in another language in that one', () => {
    const [stop] = read('<button lang="en" aria-label="English"><svg></svg></button>');
    expect([stop?.language, stop && sayStop(stop, en)]).toEqual(['en', 'English, button']);
  });

  it('believes the numbers of a list that shows only a part of itself', () => {
    expect(heard('<ul><li aria-posinset="41" aria-setsize="900"><button>可乐</button><button>详情</button></li></ul>')).toEqual(['可乐，按钮，第 41 项，共 900 项', '详情，按钮']);
  });

  it('knows nothing but the dialog while one is open, and of two the one on top', () => {
    expect(heard('<main><h1>购物车</h1><button>付款</button></main><div role="dialog" aria-label="帮助"><p>一</p></div><div role="alertdialog" aria-label="您还在吗？"><h2>您还在吗？</h2><p>20 秒后将清空并返回首页</p><button>我还在</button></div>')).toEqual([
      '您还在吗？标题', '20 秒后将清空并返回首页', '我还在，按钮',
    ]);
    expect(heard('<main><p>一</p></main><dialog aria-label="关着"><p>二</p></dialog>')).toContain('一');
  });

  it('reads a picture that means something, and none that does not', () => {
    expect(heard('<img alt=""/><svg role="img" aria-label="电子收据二维码"></svg><svg><path/></svg>')).toEqual(['电子收据二维码，图片']);
  });
});

describe('left and right', () => {
  const stops = read('<header><span>店</span></header><main><h1>标题一</h1><p>文</p><ul><li><button>a</button></li><li><button>b</button></li></ul></main><footer><button>返回</button><button>付款</button></footer>');
  const names = (from: string, step: 1 | -1) => {
    const at = jump(stops, stops.findIndex(({ name }) => name === from), step);
    return at === undefined ? undefined : stops[at]?.name;
  };

  it('jump from group to group', () => {
    expect([names('店', 1), names('标题一', 1), names('a', 1), names('b', 1), names('返回', 1)]).toEqual(['标题一', 'a', '返回', '返回', undefined]);
  });

  it('go back to where this group begins, and from there to the one before', () => {
    expect([names('付款', -1), names('返回', -1), names('b', -1), names('a', -1), names('店', -1)]).toEqual(['返回', 'a', 'a', '标题一', undefined]);
  });
});

describe('what has changed', () => {
  const of = (markup: string) => read(markup)[0] ?? expect.fail('no stop');

  it('is said without what is the same', () => {
    expect(sayChange(of('<button aria-pressed="false">大字</button>'), of('<button aria-pressed="true">大字</button>'), zh)).toBe('开');
    expect(sayChange(of('<button>付款 ￥3.50</button>'), of('<button>付款 ￥7.00</button>'), zh)).toBe('付款 ￥7.00');
    expect(sayChange(of('<button>付款</button>'), of('<button>付款</button>'), zh)).toBe('');
  });

  it('is, of what is typed, the new sign, and of what is erased, the rest', () => {
    expect([sayTyped('1 3', '1 3 9', zh), sayTyped('1 3 9', '1 3', zh), sayTyped('1', '', zh), sayTyped('可乐', '雪碧', zh), sayTyped('', 'cola', en)]).toEqual(['9', '已删除，剩余 1 3', '已清空', '雪碧', 'cola']);
  });
});
