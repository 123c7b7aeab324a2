import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandColours, highestReachMm, reachShare, rootLook } from './brand.ts';
import type { Access } from './state/model.ts';
import { contrastOf } from './ui/contrast.ts';

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const access: Access = { textSize: 'normal', contrast: 'normal', reach: false, calm: false };
const screen = { heightMm: 708, bottomMm: 740 };

describe('reach mode', () => {
  it('keeps everything below 1220 mm: of a 32-inch screen whose lower edge is at 740 mm, the lower 68 %', () => {
    expect(reachShare(screen)).toBeCloseTo(480 / 708, 6);
  });

  it('never leaves a control above 1220 mm, but where not even the least page has room', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 3000 }), fc.integer({ min: 0, max: 2000 }), (heightMm, bottomMm) => {
        const share = reachShare({ heightMm, bottomMm });
        expect(share).toBeGreaterThanOrEqual(0.4);
        expect(share).toBeLessThanOrEqual(1);
        if (share > 0.4) expect(bottomMm + share * heightMm).toBeLessThanOrEqual(highestReachMm + 1e-6);
      }),
    );
  });

  it('takes the whole of a screen that is low', () => {
    expect(reachShare({ heightMm: 300, bottomMm: 700 })).toBe(1);
  });

  it('is told to the page as an attribute and its share, rounded to what no eye sees', () => {
    const look = rootLook({ ...access, reach: true }, { ground: 'light' }, screen);
    expect([look.data.reach, look.properties['--reach-share']]).toEqual(['', '0.678']);
    expect(rootLook(access, { ground: 'light' }, screen).data.reach).toBeUndefined();
  });
});

describe('what a customer asks for', () => {
  it('is on the page while they are there, and gone with them', () => {
    expect(rootLook({ textSize: 'largest', contrast: 'high', reach: true, calm: true }, { ground: 'dark' }, screen).data).toEqual({ ground: 'dark', contrast: 'high', text: 'largest', calm: '', reach: '' });
    expect(rootLook(undefined, { ground: 'dark' }, screen).data).toEqual({ ground: 'dark', contrast: undefined, text: 'normal', calm: undefined, reach: undefined });
  });

  it('comes before the brand: in high contrast its colours are put aside', () => {
    const brand = { ground: 'light', colours: { brand: '#d23a10' } } as const;
    expect(rootLook(access, brand, screen).properties['--brand']).toBe('#d23a10');
    expect(rootLook({ ...access, contrast: 'high' }, brand, screen).properties['--brand']).toBe('');
  });
});

describe('a brand’s colours', () => {
  it('without any, the ground’s own stand', () => {
    expect(new Set(Object.values(brandColours({ ground: 'light' })))).toEqual(new Set(['']));
  });

  it('that are given stand as they are', () => {
    const colours = { brand: '#006241', onBrand: '#ffffff', brandPressed: '#004b32', accent: '#1f4bd8', onAccent: '#ffffff' };
    expect(brandColours({ ground: 'light', colours })).toMatchObject({ '--brand': '#006241', '--on-brand': '#ffffff', '--brand-pressed': '#004b32', '--accent': '#1f4bd8', '--on-accent': '#ffffff' });
  });

  it('that are left out can be read: the ink on any brand at 4.5:1, pressed or not', () => {
    fc.assert(
      fc.property(colour, fc.constantFrom('light' as const, 'dark' as const), (brand, ground) => {
        const made = brandColours({ ground, colours: { brand } });
        expect(contrastOf(made['--on-brand'], brand)).toBeGreaterThanOrEqual(4.5);
        expect(contrastOf(made['--on-brand'], made['--brand-pressed'])).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it('the accent is read on its own soft ground wherever it is read on the surface', () => {
    fc.assert(
      fc.property(colour, fc.constantFrom(['light', '#ffffff'] as const, ['dark', '#212126'] as const), (accent, [ground, surface]) => {
        fc.pre(contrastOf(accent, surface) >= 4.5);
        expect(contrastOf(accent, brandColours({ ground, colours: { accent } })['--accent-soft'])).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });
});
