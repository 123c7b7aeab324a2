/** Bytes of one direction of a line into lines for people. What is secret never leaves it. */
export interface LineTrace {
  push(bytes: Uint8Array): readonly string[];
  /** The line is silent: what has come so far is shown as far as it can be. */
  rest(): readonly string[];
}

export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** What a device sends must not steer the terminal that it is shown on. */
export function plainText(text: string): string {
  return text.replace(/\p{Cc}/gu, '.');
}
