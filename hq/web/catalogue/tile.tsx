import { sentPictureOf } from '../../../domain/contract/hq-pictures.ts';
import type { Picture as CataloguePicture } from '../../../domain/catalogue/offer.ts';
import { pictureSchema } from '../../../domain/catalogue/offer.ts';
import type { Language } from '../../../domain/language.ts';
import { Picture } from '../../../renderer/ui/picture.tsx';
import { useLanguage } from '../i18n/use-texts.tsx';

/** An offer's picture as the kiosk shows it; an empty place while it is none. */
export function Tile({ picture }: { readonly picture: unknown }) {
  const { language } = useLanguage();
  const read = pictureSchema.safeParse(picture);
  return <span className="cat-tile cat-kiosk">{read.success && <KioskPicture picture={read.data} language={language} />}</span>;
}

/** The kiosk's own way to show it. A photo of HQ's comes from HQ; one that lies in the kiosks' folders cannot be seen here. */
export function KioskPicture({ picture, language }: { readonly picture: CataloguePicture; readonly language: Language }) {
  if (picture.kind !== 'photo' || !sentPictureOf(picture.file)) return <Picture picture={picture} language={language} />;
  return <span className={`picture tint--${picture.tint}`} aria-hidden="true"><img className="picture__photo" src={`/api/pictures/${picture.file}`} alt="" draggable={false} decoding="async" /></span>;
}
