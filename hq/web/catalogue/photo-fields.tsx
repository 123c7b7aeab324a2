import { useRef, useState } from 'react';
import { listPictures, uploadPicture } from '../../contract/api/pictures.ts';
import { useAct, useApiPages } from '../api/use-api.ts';
import { catalogueTexts } from '../i18n/areas/catalogue.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Button } from '../ui/button.tsx';
import { Trouble } from '../ui/trouble.tsx';
import { TextAt, useEdited } from './edit-fields.tsx';
import type { Path } from './loose.ts';
import { getAt, setAt } from './loose.ts';
import { shrinkPicture } from './shrink-picture.ts';

/** A photo of HQ's, which kiosks fetch by themselves: a new one, or one that is there; or by its name one that lies in the kiosks' own folders. @param at where its file stands */
export function PhotoFields({ at }: { readonly at: Path }) {
  const texts = useAreaTexts(catalogueTexts);
  const { value, onChange } = useEdited();
  const chooser = useRef<HTMLInputElement>(null);
  const [isReading, setReading] = useState(false);
  const [reason, setReason] = useState<string>();
  const upload = useAct(uploadPicture, { done: texts.uploaded, invalidates: [listPictures] });
  const { pages, isMore, more } = useApiPages(listPictures, { query: { limit: 60 } }, ({ next }) => (next === null ? undefined : { before: next }));
  const held = getAt(value, at);
  const put = (file: string) => onChange(setAt(value, at, file));

  async function choose(file: File): Promise<void> {
    setReason(undefined);
    upload.forget();
    setReading(true);
    const data = await shrinkPicture(file);
    setReading(false);
    if (data === undefined) return setReason('not_a_picture');
    const kept = await upload.act({ body: { data } });
    if (kept) put(kept.file);
  }

  const refused = reason ?? (typeof upload.failure?.more['reason'] === 'string' ? upload.failure.more['reason'] : undefined);
  return (
    <>
      <div>
        <Button isBusy={isReading || upload.isBusy} onPress={() => chooser.current?.click()}>{texts.uploadPhoto}</Button>
        {/* The button is what people reach. */}
        <input
          ref={chooser} type="file" accept="image/png,image/jpeg,image/webp,image/avif,image/heic" hidden tabIndex={-1} aria-hidden="true"
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            // The same file again is a choice, too.
            currentTarget.value = '';
            if (file) void choose(file);
          }}
        />
      </div>
      <p className="k-hint" role="status">{refused === undefined ? texts.uploadHint : (texts.pictureReasons[refused] ?? texts.pictureReasons['unusual'])}</p>
      {refused === undefined && <Trouble failure={upload.failure} />}
      {pages !== undefined && pages.some(({ pictures }) => pictures.length > 0) && (
        <div className="cat-drawings" role="group" aria-label={texts.uploadedPhotos}>
          {pages.flatMap(({ pictures }) => pictures).map(({ file, width, height }) => (
            <button key={file} type="button" className="cat-drawing" aria-pressed={held === file} aria-label={texts.photoNamed(file.slice(0, 8), width, height)} onClick={() => put(file)}>
              <img src={`/api/pictures/${file}`} alt="" loading="lazy" decoding="async" />
            </button>
          ))}
        </div>
      )}
      {isMore && <Button look="quiet" onPress={more}>{texts.morePhotos}</Button>}
      <TextAt at={at} label={texts.photoFile} hint={texts.photoHint} />
    </>
  );
}
