import { readFileSync } from 'node:fs';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Button } from './button.tsx';
import { ChoiceGroup } from './choice-group.tsx';
import { Notice } from './notice.tsx';
import { Picture } from './picture.tsx';
import { Skeleton } from './skeleton.tsx';
import { Stepper } from './stepper.tsx';
import { Tile } from './tile.tsx';
import { Toggle } from './toggle.tsx';

const nothing = () => {};
/** Each element's tag with its attributes, in order. */
const tags = (html: string, name: string) => [...html.matchAll(new RegExp(`<${name}\\b[^>]*>`, 'g'))].map(([tag]) => tag);

describe('a button', () => {
  it('says what it does where its face is not enough, and points at the reason why it cannot be pressed', () => {
    const [tag] = tags(renderToStaticMarkup(<Button look="round" label="加一件 可乐" describedBy="why" disabled onPress={nothing}>+</Button>), 'button');
    for (const part of ['type="button"', 'aria-label="加一件 可乐"', 'aria-describedby="why"', 'disabled=""', 'button--round']) expect(tag).toContain(part);
  });

  it('that is busy keeps the focus: it is disabled in name, not taken away', () => {
    const [tag] = tags(renderToStaticMarkup(<Button busy onPress={nothing}>付款</Button>), 'button');
    expect(tag).toContain('aria-disabled="true"');
    expect(tag).not.toContain('disabled=""');
  });
});

it('a tile that is the one shown now says so', () => {
  const [on, off] = tags(renderToStaticMarkup(<><Tile current onPress={nothing}>饮料</Tile><Tile onPress={nothing}>零食</Tile></>), 'button');
  expect(on).toContain('aria-current="true"');
  expect(off).not.toContain('aria-current');
});

describe('a choice of one', () => {
  const html = renderToStaticMarkup(<ChoiceGroup label="字的大小" value="large" onChange={nothing} items={[{ id: 'normal', content: '标准' }, { id: 'large', label: '大字', content: '大' }]} />);

  it('is a group of radios with its name, each as large as it looks: no hidden input', () => {
    expect(html).toMatch(/role="radiogroup"/);
    expect(html).toContain('aria-label="字的大小"');
    expect(tags(html, 'input')).toEqual([]);
    expect(tags(html, 'button').map((tag) => /aria-checked="(\w+)"/.exec(tag)?.[1])).toEqual(['false', 'true']);
    expect(tags(html, 'button')[1]).toContain('aria-label="大字"');
  });
});

it('a toggle says its state', () => {
  const html = renderToStaticMarkup(<Toggle on onChange={nothing} onWord="已开" offWord="已关">高对比度</Toggle>);
  expect(tags(html, 'button')[0]).toContain('aria-pressed="true"');
  expect(html).toContain('已开');
  expect(html).not.toContain('已关');
});

describe('a stepper', () => {
  const stepper = (value: number) => renderToStaticMarkup(<Stepper label="数量" value={value} least={1} most={3} fewer="减一件" more="加一件" onChange={nothing} />);
  const ends = (value: number) => tags(stepper(value), 'button').map((tag) => tag.includes('disabled=""'));

  it('ends at its least and at its most', () => {
    expect([ends(1), ends(2), ends(3)]).toEqual([[true, false], [false, false], [false, true]]);
  });

  it('is a group with a name, and tells its number as it changes', () => {
    expect(stepper(2)).toMatch(/role="group"[^>]*aria-label="数量"|aria-label="数量"[^>]*role="group"/);
    expect(stepper(2)).toMatch(/<output[^>]*aria-live="polite"[^>]*>2</);
  });
});

it('a notice speaks by itself, and has a mark besides its colour', () => {
  const html = renderToStaticMarkup(<Notice tone="bad" id="why">现在不能付款</Notice>);
  expect(html).toContain('role="status"');
  expect(html).toContain('id="why"');
  expect(html).toContain('<svg');
});

it('what is on its way is not announced at once', () => {
  expect(renderToStaticMarkup(<Skeleton label="正在准备" />)).not.toContain('正在准备');
});

describe('a picture', () => {
  it('of the shop’s own folder is asked for there, and says nothing that the name does not', () => {
    const html = renderToStaticMarkup(<Picture picture={{ kind: 'photo', file: 'roast-duck.webp', tint: 'sand' }} language="zh" />);
    expect(html).toContain('src="pictures/roast-duck.webp"');
    expect(html).toContain('aria-hidden="true"');
  });

  it('that nobody has drawn gets the drawn fallback', () => {
    const html = renderToStaticMarkup(<Picture picture={{ kind: 'drawing', name: 'no-such-thing', tint: 'sand' }} language="zh" />);
    expect(html).toContain('picture__fallback');
    expect(html).not.toContain('<img');
  });
});

it('react-aria finds the element that keeps it from writing a style element, which the policy of the page forbids', () => {
  const source = readFileSync(new URL('../../node_modules/react-aria/dist/private/interactions/usePress.mjs', import.meta.url), 'utf8');
  const id = /STYLE_ID = '([\w-]+)'/.exec(source)?.[1];
  expect(readFileSync(new URL('../index.html', import.meta.url), 'utf8')).toContain(`id="${id}"`);
  const attribute = /PRESSABLE_ATTRIBUTE = '([\w-]+)'/.exec(source)?.[1];
  expect(readFileSync(new URL('./base.css', import.meta.url), 'utf8')).toContain(`[${attribute}]`);
});
