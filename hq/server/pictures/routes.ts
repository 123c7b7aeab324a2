import { sentPictureOf } from '../../../domain/contract/hq-pictures.ts';
import { listPictures, readPicture, uploadPicture } from '../../contract/api/pictures.ts';
import type { Api } from '../api/serve.ts';
import { ApiRefusal } from '../api/serve.ts';
import type { Sql } from '../database.ts';
import { checkPicture } from './check.ts';
import { keepPicture, pagePictures, readPictureBytes } from './store.ts';

/** Pictures of offers: put here by whoever edits a catalogue, which names each by its hash. */
export function pictureRoutes(api: Api, { sql, now }: { readonly sql: Sql; readonly now: () => number }): void {
  api.serve(uploadPicture, async ({ body, account, note }) => {
    const checked = await checkPicture(Buffer.from(body.data, 'base64'));
    if (!checked.ok) throw new ApiRefusal('HQ_INVALID', `this is no picture that kiosks can show: ${checked.error.replaceAll('_', ' ')}`, { reason: checked.error });
    const kept = await keepPicture(sql, checked.value, account?.name ?? '', now());
    note(`${kept.file}, ${kept.width} × ${kept.height}`);
    return kept;
  });

  api.serve(listPictures, async ({ query: { before, limit } }) => pagePictures(sql, before, limit));

  api.serve(readPicture, async ({ params: { file }, reply }) => {
    const wanted = sentPictureOf(file);
    const found = wanted && (await readPictureBytes(sql, wanted.sha256));
    if (!found || found.mediaType !== wanted.mediaType) throw new ApiRefusal('HQ_NOT_FOUND', 'no such picture');
    // Its name is its content's hash: it never changes. Opened by itself it is a picture and nothing else.
    reply.header('cache-control', 'private, max-age=31536000, immutable').header('x-content-type-options', 'nosniff').header('content-security-policy', "default-src 'none'; sandbox");
    await reply.type(found.mediaType).send(found.bytes);
    return {};
  });
}
