/**
 * A kiosk's key as a person compares it, at the kiosk and at HQ: the first half of the SHA-256 of its SPKI, in groups of four.
 * @param sha256 as hex
 */
export function shownFingerprint(sha256: string): string {
  return sha256.slice(0, 32).replace(/(.{4})(?=.)/g, '$1 ');
}
