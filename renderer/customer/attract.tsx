import { useState } from 'react';
import type { Catalogue, Offer } from '../../domain/catalogue/catalogue.ts';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Bilingual } from '../../domain/language.ts';
import { isZero, money } from '../../domain/money.ts';
import { wordsOf } from '../i18n/language.ts';
import { classNames } from '../ui/class-names.ts';
import { HandIcon } from '../ui/icons.tsx';
import { Money } from '../ui/money.tsx';
import { Picture } from '../ui/picture.tsx';
import './attract.css';
import { useKiosk } from './kiosk-context.tsx';
import { useNow } from './use-now.ts';

const sceneMs = 7000;

/** Sells while nobody is there. The whole screen is one button, in both languages. */
export function Attract() {
  const { model, dispatch } = useKiosk();
  const [begun] = useState(() => Date.now());
  const turn = Math.max(0, Math.floor((useNow(1000) - begun) / sceneMs));
  if (!model.shopfront) return null;
  const { catalogue, shopName } = model.shopfront;
  const shown = turn % catalogue.scenes.length;
  return (
    <main className="attract">
      {catalogue.scenes.map((scene, index) => {
        const offer = findOffer(catalogue, scene.offerId);
        return offer ? <SceneView key={scene.offerId} offer={offer} line={scene.line} catalogue={catalogue} shown={index === shown} mirrored={index % 2 === 1} /> : null;
      })}
      <button type="button" className={classNames('attract__touch', turn % 2 === 1 && 'attract__touch--moved')} onClick={() => dispatch({ kind: 'touched' })}>
        <span className="attract__brand">
          <span className="attract__mark" aria-hidden="true">
            24
          </span>
          <span lang="zh-CN">{shopName.zh}</span>
          <span lang="en" className="attract__brand-en">
            {shopName.en}
          </span>
        </span>
        <span className="attract__call">
          <HandIcon />
          <span>
            <span lang="zh-CN" className="attract__call-zh">
              触摸屏幕开始
            </span>
            <span lang="en" className="attract__call-en">
              Touch to start
            </span>
          </span>
        </span>
      </button>
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
        <p lang="zh-CN" className="scene__zh">
          {line.zh}
        </p>
        <p lang="en" className="scene__en">
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
          <span lang="zh-CN">{offer.name.zh}</span>
          <span lang="en" className="scene__tag-en">
            {offer.name.en}
          </span>
          <span className="scene__price">{isZero(price) ? `${wordsOf.zh.common.free} ${wordsOf.en.common.free}` : <Money value={price} />}</span>
        </p>
      </div>
    </section>
  );
}
