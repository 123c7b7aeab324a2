import { mostPictureBytes } from '../../../domain/contract/hq-pictures.ts';

/** A kiosk shows a picture at 540 points at most, on a screen of twice as many. */
const longestSide = 1200;
const qualities = [0.85, 0.7, 0.5] as const;

/** The size at which a picture of this size is sent: as it is, or smaller in the same shape. */
export function shrunkSize(width: number, height: number): { readonly width: number; readonly height: number } {
  const by = Math.min(1, longestSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * by)), height: Math.max(1, Math.round(height * by)) };
}

/**
 * Draws a photo anew, upright, as large as a kiosk shows it: what a camera writes beside it (where and when it was taken) stays here. As base64; undefined where the
 * browser cannot read it as a picture. A browser that writes no WebP writes a PNG.
 */
export async function shrinkPicture(file: Blob): Promise<string | undefined> {
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => undefined);
  if (!bitmap) return undefined;
  const { width, height } = shrunkSize(bitmap.width, bitmap.height);
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  let blob: Blob | null = null;
  for (const quality of qualities) {
    blob = await new Promise<Blob | null>((resolve) => void canvas.toBlob(resolve, 'image/webp', quality));
    if (blob && blob.size <= mostPictureBytes) break;
  }
  return blob ? base64Of(blob) : undefined;
}

async function base64Of(blob: Blob): Promise<string | undefined> {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(typeof reader.result === 'string' ? reader.result.slice(reader.result.indexOf(',') + 1) : undefined);
    reader.onerror = () => resolve(undefined);
    reader.readAsDataURL(blob);
  });
}
