import { z } from 'zod';
import { mostPictureBytes, pictureMediaTypeSchema } from '../../../domain/contract/hq-pictures.ts';
import { nothing } from './nothing.ts';
import { apiRoute } from './route.ts';

const fileSchema = z.string().regex(/^[0-9a-f]{64}\.(webp|png|jpg)$/);

export const pictureRowSchema = z.strictObject({
  /** What a catalogue names it by: kiosks fetch it by that. */
  file: fileSchema,
  mediaType: pictureMediaTypeSchema, width: z.int(), height: z.int(), bytes: z.int(), uploadedAt: z.number(), uploadedBy: z.string(),
});
export type PictureRow = z.infer<typeof pictureRowSchema>;

/** A still PNG, JPEG or WebP of 16 to 2048 points each way. Refused (HQ_INVALID) with `reason`: too_large, not_a_picture, animated, dimensions, rotated, unusual. The same again is the same picture. */
export const uploadPicture = apiRoute({
  method: 'POST', path: '/api/pictures', summary: 'Upload a picture of an offer', tag: 'catalogue', permission: 'catalogue.edit', params: nothing, query: nothing,
  body: z.strictObject({ data: z.base64() }), answer: pictureRowSchema, bodyLimit: Math.ceil((mostPictureBytes * 4) / 3) + 10_000,
});

export const listPictures = apiRoute({
  method: 'GET', path: '/api/pictures', summary: 'List pictures of offers', tag: 'catalogue', permission: 'catalogue.see', params: nothing,
  /** The newest first; `before` is the `next` of the page before. */
  query: z.strictObject({ before: z.string().regex(/^\d{1,15}~[0-9a-f]{64}$/).optional(), limit: z.coerce.number().int().min(1).max(200).default(60) }), body: nothing,
  answer: z.strictObject({ pictures: z.array(pictureRowSchema), next: z.string().nullable() }),
});

export const readPicture = apiRoute({
  method: 'GET', path: '/api/pictures/:file', summary: 'A picture of an offer', tag: 'catalogue', permission: 'catalogue.see', params: z.strictObject({ file: fileSchema }), query: nothing, body: nothing,
  answer: nothing, file: 'image/webp',
});
