import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { money } from '../../domain/money.ts';
import { Money } from './money.tsx';

const shown = (amount: number, brief = false) => renderToStaticMarkup(<Money value={money(amount, 'CNY')} brief={brief} />);

describe('an amount on the screen', () => {
  it('sets the fraction smaller, and says the whole amount to those who hear it', () => {
    expect(shown(123_450)).toBe(
      '<span class="money"><span class="unseen">￥1,234.50</span><span aria-hidden="true"><span class="money__symbol">￥</span>1,234<span class="money__fraction">.50</span></span></span>',
    );
  });

  it('leaves an empty fraction out only where asked', () => {
    expect(shown(1000)).toContain('<span class="money__fraction">.00</span>');
    expect(shown(1000, true)).not.toContain('money__fraction');
    expect(shown(1050, true)).toContain('<span class="money__fraction">.50</span>');
  });
});
