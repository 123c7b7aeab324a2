import { useState } from 'react';
import type { Picture as CataloguePicture } from '../../domain/catalogue/offer.ts';
import type { Language } from '../../domain/language.ts';
import { classNames } from './class-names.ts';
import { drawings } from './drawings.ts';
import { BagIcon } from './icons.tsx';
import './picture.css';

export interface PictureProps {
  readonly picture: CataloguePicture;
  readonly language: Language;
  /** On its tinted tile, or the drawing alone. */
  readonly bare?: boolean;
  readonly className?: string;
}

/** An offer's picture. It says nothing that the offer's name does not, so it is silent for those who hear the page. */
export function Picture({ picture, language, bare = false, className }: PictureProps) {
  return (
    <span className={classNames('picture', `tint--${picture.tint}`, bare && 'picture--bare', className)} aria-hidden="true">
      {picture.kind === 'card' ? (
        <span className={classNames('picture__card', picture.big.length > 5 && 'picture__card--long')}>
          <span className="picture__big">{picture.big}</span>
          <span className="picture__small">{picture.small[language]}</span>
        </span>
      ) : picture.kind === 'photo' ? (
        <Photo key={picture.file} file={picture.file} />
      ) : (
        <Drawing name={picture.name} />
      )}
    </span>
  );
}

export function Drawing({ name, className }: { readonly name: string; readonly className?: string }) {
  const address = drawings[name];
  return address === undefined ? <Fallback className={className} /> : <img className={classNames('picture__drawing', className)} src={address} alt="" draggable={false} />;
}

/** A picture of the shop's own folder, which the shell serves. It may be missing or broken: the shop put it there. */
function Photo({ file }: { readonly file: string }) {
  const [isBroken, setBroken] = useState(false);
  return isBroken ? <Fallback className={undefined} /> : <img className="picture__photo" src={`pictures/${file}`} alt="" draggable={false} decoding="async" onError={() => setBroken(true)} />;
}

function Fallback({ className }: { readonly className: string | undefined }) {
  return (
    <span className={classNames('picture__fallback', className)}>
      <BagIcon />
    </span>
  );
}
