import { useEffect } from 'react';
import { findOffer } from '../../domain/catalogue/catalogue.ts';
import type { Language } from '../../domain/language.ts';
import { languages } from '../../domain/language.ts';
import { tagOf, wordsOf } from '../i18n/language.ts';
import type { Model } from '../state/model.ts';
import { NoticeIcon } from '../ui/icons.tsx';
import { useDispatch, useSelect } from './kiosk-context.tsx';
import './scan-notice.css';

/** Long enough for both sentences to be read by someone who looked at the scanner first. */
const shownMs = 8000;

/**
 * What is to be said of a code that was scanned, in both languages: whoever scans before the first touch has chosen none, and a
 * visit that a scan began has the shop's. The region is always there, so that what comes into it is spoken; it takes no touch.
 */
export function ScanNotice() {
  const dispatch = useDispatch();
  const { notice, first, shopfront } = useSelect(noticed);
  const times = notice?.times;
  useEffect(() => {
    if (times === undefined) return undefined;
    const timer = setTimeout(() => dispatch({ kind: 'notice_over', times }), shownMs);
    return () => clearTimeout(timer);
  }, [times, dispatch]);
  /** What it is about, in the sentence's language. */
  const nameIn = (language: Language) => (notice?.wallet ? wordsOf[language].wallet.name[notice.wallet] : (offer?.name[language] ?? wordsOf[language].refusals.something));
  const offer = notice?.offerId !== undefined && shopfront ? findOffer(shopfront.catalogue, notice.offerId) : undefined;
  return (
    <div className="scan-notice" role="status">
      {notice ? (
        <div className="scan-notice__card" key={notice.times}>
          <NoticeIcon />
          <div>
            {[first, ...languages.filter((language) => language !== first)].map((language) => (
              <p key={language} lang={tagOf[language]}>
                {wordsOf[language].scan[notice.kind](nameIn(language))}
              </p>
            ))}
          </div>
        </div>
      ) : null}
    </div>
  );
}

function noticed({ notice, visit, shopfront }: Model) {
  return { notice, shopfront, first: visit?.language ?? shopfront?.defaultLanguage ?? ('zh' as const) };
}
