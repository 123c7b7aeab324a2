/** Contrast of two colours by WCAG 2.2, from 1 to 21. Colours are "#rrggbb". */
export function contrastOf(one: string, other: string): number {
  const [dark, bright] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (bright! + 0.05) / (dark! + 0.05);
}

/** Relative luminance by WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((value) => {
    const channel = value / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

/** `share` of the second colour in the first, in sRGB. */
export function mix(first: string, second: string, share: number): string {
  const [from, to] = [channels(first), channels(second)];
  return `#${from.map((value, index) => Math.round(value + (to[index]! - value) * share).toString(16).padStart(2, '0')).join('')}`;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
