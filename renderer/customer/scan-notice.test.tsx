import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { languages } from '../../domain/language.ts';
import { wordsOf } from '../i18n/language.ts';
import type { Model } from '../state/model.ts';
import { noModel, scanNoticeKinds } from '../state/model.ts';
import { shopfrontOf } from '../state/testing/shop-rig.ts';
import { KioskProvider } from './kiosk-context.tsx';
import { ScanNotice } from './scan-notice.tsx';

const shopfront = shopfrontOf();

function shown(part: Partial<Model>): string {
  const model: Model = { ...noModel, core: 'open', shopfront, ...part };
  return renderToStaticMarkup(<KioskProvider store={{ getModel: () => model, dispatch: () => {}, subscribe: () => () => {} }}><ScanNotice /></KioskProvider>);
}

describe('what is said of a scanned code', () => {
  it.each(scanNoticeKinds)('%s is said in both languages, by the name of the offer or the wallet where there is one', (kind) => {
    const offerId = ['sold_out', 'no_more', 'cart_full'].includes(kind) ? 'cola' : undefined;
    const offer = shopfront.catalogue.offers.find(({ id }) => id === 'cola')!;
    const isOfWallet = kind === 'payment_code_of_away' || kind === 'payment_code_of_none';
    const html = shown({ notice: { kind, offerId, ...(isOfWallet ? { wallet: 'alipay' } : {}), times: 1 } });
    for (const language of languages) expect(html).toContain(wordsOf[language].scan[kind](isOfWallet ? wordsOf[language].wallet.name.alipay : offer.name[language]));
    expect(html).toContain('role="status"');
  });

  it('the place for it is there before, empty, so that what comes into it is spoken', () => {
    expect(shown({})).toBe('<div class="scan-notice" role="status"></div>');
  });
});
