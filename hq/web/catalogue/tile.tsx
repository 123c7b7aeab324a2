import { pictureSchema } from '../../../domain/catalogue/offer.ts';
import { Picture } from '../../../renderer/ui/picture.tsx';
import { useLanguage } from '../i18n/use-texts.tsx';

/** An offer's picture as the kiosk shows it; an empty place while it is none. */
export function Tile({ picture }: { readonly picture: unknown }) {
  const { language } = useLanguage();
  const read = pictureSchema.safeParse(picture);
  return <span className="cat-tile cat-kiosk">{read.success && <Picture picture={read.data} language={language} />}</span>;
}
