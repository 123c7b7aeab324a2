/** English: "1 second", "2 seconds". Written out, so that a voice says it as it stands. */
export function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
