import { pictureSchema } from '../../../domain/catalogue/offer.ts';
import { drawings } from '../../../renderer/ui/drawings.ts';
import { useLanguage } from '../i18n/use-texts.tsx';

interface NamedOffer {
  readonly offerId: string;
  readonly name: { readonly zh: string; readonly en: string } | null;
  readonly picture?: unknown;
}

/** An offer by its name, with its picture where it has a drawing; by its id where no catalogue knows it. */
export function OfferName({ offer: { offerId, name, picture } }: { readonly offer: NamedOffer }) {
  const { language } = useLanguage();
  const read = pictureSchema.safeParse(picture);
  const address = read.success && read.data.kind === 'drawing' ? drawings[read.data.name] : undefined;
  return <span className="stock-offer">{address !== undefined && <img src={address} alt="" />}<span>{name?.[language] ?? offerId}</span></span>;
}

/** Whether what a person typed stands in an offer's names or id. */
export function fitsOffer({ offerId, name }: NamedOffer, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return wanted === '' || [offerId, name?.zh ?? '', name?.en ?? ''].some((text) => text.toLowerCase().includes(wanted));
}
