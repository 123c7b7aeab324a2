import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shownBrandSchema } from '../../domain/contract/kiosk.ts';
import { contrastOf, faintPair, groundColours, shownBrand } from './brand.ts';

describe('the colours of a brand', () => {
  it('that are read and told apart are good, alone or with the ground’s own', () => {
    expect(faintPair({ ground: 'light' })).toBeUndefined();
    expect(faintPair({ ground: 'light', colours: { brand: '#006241' } })).toBeUndefined();
    expect(faintPair({ ground: 'light', colours: { brand: '#006241', onBrand: '#ffffff', brandPressed: '#004b32', accent: '#1f4bd8', onAccent: '#ffffff' } })).toBeUndefined();
    for (const ground of ['light', 'dark'] as const) {
      const { ground: _ground, surface: _surface, ...colours } = groundColours[ground];
      expect(faintPair({ ground, colours })).toBeUndefined();
    }
  });

  it.each([
    ['ink on the brand', { ground: 'light', colours: { brand: '#d23a10', onBrand: '#f0b090' } }, /^onBrand #f0b090 on brand #d23a10 has a contrast of \d\.\d\d:1, and needs 4\.5:1$/],
    ['ink on the ground’s brand', { ground: 'light', colours: { onBrand: '#1b1b1f' } }, /^onBrand #1b1b1f on brand #d23a10/],
    ['ink on the pressed brand', { ground: 'light', colours: { brand: '#006241', brandPressed: '#77ccaa' } }, /^onBrand #ffffff on brandPressed #77ccaa/],
    ['the accent as text', { ground: 'light', colours: { accent: '#8ab4ff' } }, /^accent #8ab4ff on surface #ffffff/],
    ['ink on the accent', { ground: 'dark', colours: { accent: '#9db5ff', onAccent: '#ffffff' } }, /^onAccent #ffffff on accent #9db5ff/],
    ['a button on the page', { ground: 'light', colours: { brand: '#ffe14d' } }, /^brand #ffe14d on surface #ffffff has a contrast of 1\.\d\d:1, and needs 3:1$/],
  ] as const)('%s that cannot be told apart is named with its ratio', (_, brand, words) => {
    expect(faintPair(brand)).toMatch(words);
  });

  it('are measured by WCAG 2.2', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it('of the grounds are those of the page', () => {
    const css = fs.readFileSync(path.join(import.meta.dirname, '../../renderer/ui/tokens.css'), 'utf8');
    const names = { ground: 'ground', surface: 'surface', brand: 'brand', onBrand: 'on-brand', brandPressed: 'brand-pressed', accent: 'accent', onAccent: 'on-accent' } as const;
    for (const [ground, selector] of [['light', ':root {'], ['dark', ":root[data-ground='dark'] {"]] as const) {
      const start = css.indexOf(selector);
      const rule = css.slice(start, css.indexOf('\n}', start));
      for (const [name, token] of Object.entries(names)) expect(rule, `${ground} ${name}`).toContain(`--${token}: ${groundColours[ground][name as keyof typeof names]};`);
    }
  });
});

describe('the logo', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'counter24-brand-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const shown = (bytes: Buffer | string) => {
    fs.writeFileSync(path.join(folder, 'logo'), bytes);
    return shownBrand({ ground: 'light', logoFile: 'logo' }, (relative) => path.join(folder, relative));
  };

  it.each([
    ['PNG', Buffer.from('89504e470d0a1a0a0000', 'hex'), 'image/png'],
    ['WebP', Buffer.from('RIFF\0\0\0\0WEBPVP8 ', 'latin1'), 'image/webp'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
    ['SVG with all that may come before', '\uFEFF<?xml version="1.0"?>\n<!-- made by hand -->\n<!DOCTYPE svg>\n<svg width="1"></svg>', 'image/svg+xml'],
  ] as const)('%s goes along as data, by what it holds', (_, bytes, type) => {
    const brand = shown(bytes);
    expect(brand).toEqual({ ok: true, value: { ground: 'light', logo: `data:${type};base64,${Buffer.from(bytes).toString('base64')}` } });
    if (brand.ok) expect(shownBrandSchema.safeParse(brand.value).success).toBe(true);
  });

  it('of 500 kB just fits the border to the page', () => {
    const bytes = Buffer.alloc(500_000);
    Buffer.from('89504e470d0a1a0a', 'hex').copy(bytes);
    const brand = shown(bytes);
    expect(brand.ok && shownBrandSchema.safeParse(brand.value).success).toBe(true);
    expect(shown(Buffer.concat([bytes, Buffer.alloc(1)]))).toMatchObject({ ok: false, error: { error: { code: 'CONFIG_INVALID', detail: expect.stringContaining('500001 bytes') as string } } });
  });

  it.each([['a page', '<html><svg></svg></html>'], ['a JPEG', Buffer.from('ffd8ffe0', 'hex')], ['nothing', '']])('that is %s is named, and the kiosk does without', (_, bytes) => {
    expect(shown(bytes)).toMatchObject({ ok: false, error: { error: { code: 'CONFIG_INVALID', detail: expect.stringContaining('neither PNG nor WebP nor SVG') as string }, without: { ground: 'light' } } });
  });

  it('that is not there is named', () => {
    expect(shownBrand({ ground: 'dark', logoFile: 'gone.png' }, (relative) => path.join(folder, relative))).toMatchObject({ ok: false, error: { error: { detail: expect.stringContaining('ENOENT') as string } } });
  });
});
