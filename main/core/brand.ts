import fs from 'node:fs';
import type { Brand } from '../../domain/contract/config.ts';
import type { CodedError } from '../../domain/contract/errors.ts';
import { codedError, messageOf } from '../../domain/contract/errors.ts';
import type { Shopfront } from '../../domain/contract/kiosk.ts';
import type { Result } from '../../domain/result.ts';
import { err, ok } from '../../domain/result.ts';

/** The grounds' own colours, as renderer/ui/tokens.css has them: what a brand leaves out stands on them, or they on it. */
export const groundColours = {
  light: { ground: '#f7f5f2', surface: '#ffffff', brand: '#d23a10', onBrand: '#ffffff', brandPressed: '#a92c0a', accent: '#1f4bd8', onAccent: '#ffffff' },
  dark: { ground: '#141417', surface: '#212126', brand: '#ffb81f', onBrand: '#1b1b1f', brandPressed: '#e09c00', accent: '#9db5ff', onAccent: '#14141a' },
} as const;
type ColourName = keyof (typeof groundColours)['light'];

const textContrast = 4.5;
const controlContrast = 3;
/** What is read, what stands out, and how well (WCAG 2.2, 1.4.3 and 1.4.11). The accent is read as text; the brand is the ground of controls. */
const pairs: readonly (readonly [ColourName, ColourName, number])[] = [
  ['onBrand', 'brand', textContrast], ['onBrand', 'brandPressed', textContrast], ['onAccent', 'accent', textContrast],
  ['accent', 'surface', textContrast], ['accent', 'ground', textContrast], ['brand', 'surface', controlContrast], ['brand', 'ground', controlContrast],
];
/** Made by the page to fit the colour that they go with, where a brand gives that and leaves them out (renderer/brand.ts). */
const madeToFit: Readonly<Partial<Record<ColourName, ColourName>>> = { onBrand: 'brand', brandPressed: 'brand', onAccent: 'accent' };

/** The first pair of a brand's colours that people could not tell apart, in words with its ratio; undefined where there is none. */
export function faintPair({ ground, colours = {} }: Pick<Brand, 'ground' | 'colours'>): string | undefined {
  const given = colours as Readonly<Partial<Record<ColourName, string>>>;
  const isMade = (name: ColourName) => given[name] === undefined && given[madeToFit[name] ?? name] !== undefined;
  const colourOf = (name: ColourName) => given[name] ?? (name === 'onBrand' && given.brand ? inkOn(given.brand) : groundColours[ground][name]);
  for (const [one, other, least] of pairs) {
    const isOurs = given[one] !== undefined || given[other] !== undefined;
    // A pressed brand that is given stands under an ink that is made for the brand: that pair is looked at.
    if (!isOurs || isMade(other) || (isMade(one) && other !== 'brandPressed')) continue;
    const ratio = contrastOf(colourOf(one), colourOf(other));
    if (ratio < least) return `${one} ${colourOf(one)} on ${other} ${colourOf(other)} has a contrast of ${(Math.floor(ratio * 100) / 100).toFixed(2)}:1, and needs ${least}:1`;
  }
  return undefined;
}

/** Contrast of two colours ("#rrggbb") by WCAG 2.2, from 1 to 21. */
export function contrastOf(one: string, other: string): number {
  const [darker, brighter] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (brighter! + 0.05) / (darker! + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function inkOn(colour: string): string {
  return contrastOf('#ffffff', colour) >= textContrast ? '#ffffff' : '#000000';
}

const logoMaxBytes = 500_000;

/**
 * As the page shows it. The page reaches no file: its logo goes along as data.
 * @param pathOf where a file lies that the configuration names
 */
export function shownBrand({ logoFile, ...brand }: Brand, pathOf: (relative: string) => string): Result<Shopfront['brand'], { readonly error: CodedError; readonly without: Shopfront['brand'] }> {
  if (logoFile === undefined) return ok(brand);
  const logo = readLogo(pathOf(logoFile));
  return logo.ok ? ok({ ...brand, logo: logo.value }) : err({ error: codedError('CONFIG_INVALID', `brand.logoFile: ${logo.error}`), without: brand });
}

function readLogo(file: string): Result<string, string> {
  try {
    const { size } = fs.statSync(file);
    if (size > logoMaxBytes) return err(`${file} has ${size} bytes, and may have ${logoMaxBytes}`);
    const bytes = fs.readFileSync(file);
    const type = pictureType(bytes);
    return type ? ok(`data:${type};base64,${bytes.toString('base64')}`) : err(`${file} is neither PNG nor WebP nor SVG`);
  } catch (cause) {
    return err(messageOf(cause));
  }
}

/** By what it holds: a name says nothing. A picture of a page cannot run what an SVG may hold. */
function pictureType(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return 'image/webp';
  const isSvg = /^\uFEFF?\s*(<\?xml[^>]*>\s*)?((<!--[\s\S]*?-->|<!DOCTYPE[^>]*>)\s*)*<svg[\s>]/.test(bytes.toString('utf8', 0, 4000));
  return isSvg ? 'image/svg+xml' : undefined;
}
