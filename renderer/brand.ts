import type { ScreenPlace } from '../domain/contract/config.ts';
import type { Shopfront } from '../domain/contract/kiosk.ts';
import type { Access } from './state/model.ts';
import { contrastOf, mix } from './ui/contrast.ts';

type Brand = Shopfront['brand'];

/** What `html` is to look like: its data-* attributes (undefined takes one away) and its custom properties ('' takes one away). */
export interface RootLook {
  readonly data: Readonly<Record<'ground' | 'contrast' | 'text' | 'calm' | 'reach', string | undefined>>;
  readonly properties: Readonly<Record<BrandProperty | '--reach-share', string>>;
}

const brandProperties = ['--brand', '--brand-pressed', '--on-brand', '--accent', '--accent-soft', '--on-accent'] as const;
type BrandProperty = (typeof brandProperties)[number];

/** No control of reach mode stands higher above the floor (EN 301 549, 8.3.2: 1220 mm for an unobstructed reach). */
export const highestReachMm = 1220;
/** Less of the screen than this would leave no room for a page: a screen that hangs so high is helped by a person. */
const leastShare = 0.4;

/** The share of the screen's height, from its lower edge, that stands low enough. */
export function reachShare({ heightMm, bottomMm }: Pick<ScreenPlace, 'heightMm' | 'bottomMm'>): number {
  return Math.min(1, Math.max(leastShare, (highestReachMm - bottomMm) / heightMm));
}

/** The customer's wishes come before the brand: in high contrast its colours are put aside. */
export function rootLook(access: Access | undefined, brand: Brand | undefined, screen: ScreenPlace | undefined): RootLook {
  const isHigh = access?.contrast === 'high';
  return {
    data: {
      ground: brand?.ground ?? 'light',
      contrast: isHigh ? 'high' : undefined,
      text: access?.textSize ?? 'normal',
      calm: access?.calm ? '' : undefined,
      reach: access?.reach ? '' : undefined,
    },
    properties: { ...(isHigh ? noColours : brandColours(brand)), '--reach-share': screen ? String(Math.round(reachShare(screen) * 10_000) / 10_000) : '' },
  };
}

const noColours: Readonly<Record<BrandProperty, string>> = { '--brand': '', '--brand-pressed': '', '--on-brand': '', '--accent': '', '--accent-soft': '', '--on-accent': '' };
const surfaces = { light: '#ffffff', dark: '#212126' } as const;

/** What a brand leaves out of its colours is made to fit those that it has; without any, the ground's own stand. */
export function brandColours(brand: Brand | undefined): Readonly<Record<BrandProperty, string>> {
  if (!brand?.colours) return noColours;
  const { brand: main, brandPressed, onBrand, accent, onAccent } = brand.colours;
  const surface = surfaces[brand.ground];
  const onMain = onBrand ?? (main && inkOn(main));
  const onChosen = onAccent ?? (accent && inkOn(accent));
  return {
    '--brand': main ?? '',
    '--on-brand': onMain ?? '',
    // Away from its ink, so that what stands on it is read as well while it is pressed.
    '--brand-pressed': brandPressed ?? (main && onMain ? mix(main, contrastOf(onMain, '#ffffff') < contrastOf(onMain, '#000000') ? '#000000' : '#ffffff', 0.18) : ''),
    '--accent': accent ?? '',
    '--on-accent': onChosen ?? '',
    '--accent-soft': accent ? softOf(accent, surface) : '',
  };
}

/** White or black: one of the two is read at 4.5:1 on any colour. */
function inkOn(colour: string): string {
  return contrastOf('#ffffff', colour) >= 4.5 ? '#ffffff' : '#000000';
}

/** As much of the accent as still lets the accent be read on it. */
function softOf(accent: string, surface: string): string {
  const share = [0.14, 0.1, 0.06, 0.03].find((candidate) => contrastOf(accent, mix(surface, accent, candidate)) >= 4.5);
  return mix(surface, accent, share ?? 0);
}

/** Through CSSOM, which the page's Content-Security-Policy lets through. */
export function applyLook(root: HTMLElement, { data, properties }: RootLook): void {
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined) delete root.dataset[name];
    else if (root.dataset[name] !== value) root.dataset[name] = value;
  }
  for (const [name, value] of Object.entries(properties)) {
    if (value === '') root.style.removeProperty(name);
    else root.style.setProperty(name, value);
  }
}
