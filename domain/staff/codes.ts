/**
 * A recovery code as it is hashed: whatever people put between its letters, and however they write them. HQ hashes (SHA-256, hex) the same text.
 * Undefined where it is none: six digits are a time-based code.
 */
export function recoveryCodeText(typed: string): string | undefined {
  const text = typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return text.length >= 10 && text.length <= 32 ? text : undefined;
}

/** A time-based code as it is typed: six digits, perhaps with a space in the middle. */
export function timeCodeOf(typed: string): string | undefined {
  const digits = typed.replaceAll(/[\s-]/g, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}
