import { useState } from 'react';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Offer } from '../../domain/catalogue/offer.ts';
import type { Bilingual } from '../../domain/language.ts';
import { isZero, money } from '../../domain/money.ts';
import { tagOf, wordsOf } from '../i18n/language.ts';
import type { Model } from '../state/model.ts';
import { monotonicNow } from '../state/monotonic.ts';
import { classNames } from '../ui/class-names.ts';
import { HandIcon } from '../ui/icons.tsx';
import { Money } from '../ui/money.tsx';
import { Picture } from '../ui/picture.tsx';
import { Tile } from '../ui/tile.tsx';
import './attract.css';
import { useDispatch, useSelect } from './kiosk-context.tsx';
import { BrandSign } from './masthead.tsx';
import { useMonotonicNow } from './use-now.ts';

const sceneMs = 7000;
/** Of what stands on every scene, in design pixels: over an hour each edge of it has stood in eight places. */
const drift = [[0, 0], [10, -14], [22, -6], [30, -22], [18, -34], [4, -28], [-12, -18], [-8, -4]] as const;

function shopfrontOf({ shopfront }: Model) {
  return shopfront;
}

/** Sells while nobody is there. The whole screen is one button, in both languages, and nothing stays in the same place. */
export function Attract() {
  const shopfront = useSelect(shopfrontOf);
  const dispatch = useDispatch();
  const [begun] = useState(monotonicNow);
  const turn = Math.max(0, Math.floor((useMonotonicNow(1000) - begun) / sceneMs));
  if (!shopfront) return null;
  const { catalogue, shopName, brand } = shopfront;
  const shown = turn % catalogue.scenes.length;
  const call = brand.call ?? { zh: wordsOf.zh.frame.call, en: wordsOf.en.frame.call };
  const [right, up] = drift[turn % drift.length] ?? drift[0];
  return (
    <main className="attract">
      {catalogue.scenes.map((scene, index) => {
        const offer = findOffer(catalogue, scene.offerId);
        return offer ? <SceneView key={scene.offerId} offer={offer} line={scene.line} catalogue={catalogue} shown={index === shown} mirrored={index % 2 === 1} /> : null;
      })}
      <Tile className="attract__touch" onPress={() => dispatch({ kind: 'touched' })}>
        <span className="attract__drift" style={{ transform: `translate(calc(var(--u) * ${right}), calc(var(--u) * ${up}))` }}>
          <span className="attract__brand">
            <BrandSign logo={brand.logo} />
            <span lang={tagOf.zh}>{shopName.zh}</span>
            <span lang={tagOf.en} className="attract__brand-en">
              {shopName.en}
            </span>
          </span>
          <span className="attract__call">
            <HandIcon />
            <span>
              <span lang={tagOf.zh} className="attract__call-zh">
                {call.zh}
              </span>
              <span lang={tagOf.en} className="attract__call-en">
                {call.en}
              </span>
            </span>
          </span>
        </span>
      </Tile>
    </main>
  );
}

interface SceneViewProps {
  readonly offer: Offer;
  readonly line: Bilingual;
  readonly catalogue: Catalogue;
  readonly shown: boolean;
  readonly mirrored: boolean;
}

function SceneView({ offer, line, catalogue, shown, mirrored }: SceneViewProps) {
  const price = money(offer.price, catalogue.currency);
  return (
    <section className={classNames('scene', `tint--${offer.picture.tint}`, shown && 'scene--shown', mirrored && 'scene--mirrored')} aria-hidden={!shown}>
      <div className="scene__words">
        <p lang={tagOf.zh} className="scene__zh">
          {line.zh}
        </p>
        <p lang={tagOf.en} className="scene__en">
          {line.en}
        </p>
      </div>
      <div className="scene__stage">
        <span className="scene__far scene__far--a">
          <Picture picture={offer.picture} language="zh" bare />
        </span>
        <span className="scene__far scene__far--b">
          <Picture picture={offer.picture} language="zh" bare />
        </span>
        <span className="scene__hero">
          <Picture picture={offer.picture} language="zh" bare />
        </span>
        <p className="scene__tag">
          <span lang={tagOf.zh}>{offer.name.zh}</span>
          <span lang={tagOf.en} className="scene__tag-en">
            {offer.name.en}
          </span>
          <span className="scene__price">{isZero(price) ? `${wordsOf.zh.common.free} ${wordsOf.en.common.free}` : <Money value={price} />}</span>
        </p>
      </div>
    </section>
  );
}
