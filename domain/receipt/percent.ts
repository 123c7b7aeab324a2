/** "6%", "6.5%" of basis points. */
export function percent(basisPoints: number): string {
  return `${basisPoints / 100}%`;
}
