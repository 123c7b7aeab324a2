/** The members of Electron's NativeImage that a picture needs. */
export interface Image {
  isEmpty(): boolean;
  resize(options: { width: number; quality: 'good' }): Image;
  toJPEG(quality: number): Uint8Array;
}

const widthPx = 540;
/** As base64 it stays below the 180,000 characters that the border lets through. */
const maxBytes = 130_000;

/**
 * The screen for HQ: small enough to travel, large enough to see what stands there. Base64 of a JPEG; undefined where nothing is shown or where it cannot be
 * made small enough.
 */
export function pictureOf(image: Image): string | undefined {
  if (image.isEmpty()) return undefined;
  const scaled = image.resize({ width: widthPx, quality: 'good' });
  for (const quality of [75, 55, 35, 20, 10]) {
    const jpeg = scaled.toJPEG(quality);
    if (jpeg.length > 0 && jpeg.length <= maxBytes) return Buffer.from(jpeg).toString('base64');
  }
  return undefined;
}
