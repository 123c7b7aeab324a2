import { z } from 'zod';
import { kioskIdSchema } from '../ids.ts';
import { epochMsSchema } from '../time.ts';

/** Largest picture in bytes: a photo of 1200 × 1200 points is a tenth of that as WebP. */
export const mostPictureBytes = 1_000_000;
export const pictureMediaTypes = ['image/webp', 'image/png', 'image/jpeg'] as const;
export const pictureMediaTypeSchema = z.enum(pictureMediaTypes);
export type PictureMediaType = z.infer<typeof pictureMediaTypeSchema>;

export const pictureHashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** POST /api/kiosk/picture: an offer's picture by the SHA-256 of its bytes, as the catalogue names it. Signed, in the session; one that HQ has not is refused (HQ_NOT_FOUND). */
export const pictureRequestSchema = z.strictObject({ kioskId: kioskIdSchema, sha256: pictureHashSchema });
export const pictureAnswerSchema = z.object({ hqTime: epochMsSchema, mediaType: pictureMediaTypeSchema, data: z.base64().max(Math.ceil(mostPictureBytes / 3) * 4) });
export type PictureAnswer = z.infer<typeof pictureAnswerSchema>;

const extensions = { 'image/webp': 'webp', 'image/png': 'png', 'image/jpeg': 'jpg' } as const satisfies Record<PictureMediaType, string>;
const sentFile = /^([0-9a-f]{64})\.(webp|png|jpg)$/;

/** What a catalogue names a picture of HQ's by, among the photos of a kiosk's own folder. */
export function pictureFile(sha256: string, mediaType: PictureMediaType): string {
  return `${sha256}.${extensions[mediaType]}`;
}

/** Of a file that HQ sends; undefined of one that a person put into the kiosk's folder. */
export function sentPictureOf(file: string): { readonly sha256: string; readonly mediaType: PictureMediaType } | undefined {
  const [, sha256, extension] = sentFile.exec(file) ?? [];
  const mediaType = pictureMediaTypes.find((type) => extensions[type] === extension);
  return sha256 !== undefined && mediaType ? { sha256, mediaType } : undefined;
}

/** Every picture that HQ sends for this catalogue, each file once: of its categories, offers, choices and whatever else has one. */
export function sentPicturesIn(catalogue: unknown): ReadonlyMap<string, readonly (string | number)[]> {
  const found = new Map<string, readonly (string | number)[]>();
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (Array.isArray(value)) return value.forEach((entry, index) => walk(entry, [...path, index]));
    if (typeof value !== 'object' || value === null) return;
    const { kind, file } = value as { readonly kind?: unknown; readonly file?: unknown };
    if (kind === 'photo' && typeof file === 'string' && sentPictureOf(file) && !found.has(file)) found.set(file, [...path, 'file']);
    for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
  };
  walk(catalogue, []);
  return found;
}
