import { describe, expect, it } from 'vitest';
import { formFieldSchema } from '../../domain/catalogue/form.ts';
import { postcodeBeginning, shownValue, typedValue } from './field-kinds.ts';

const idCard = formFieldSchema.parse({ id: 'id-card', kind: 'id_card', label: { zh: '身份证号', en: 'ID card' } });

describe('what a field shows and takes', () => {
  it('shows an identity number in its groups, and takes it back without them', () => {
    expect(shownValue(idCard, '11010519491231002X')).toBe('110105 19491231 002X');
    expect(shownValue(idCard, '1101051')).toBe('110105 1');
    expect(typedValue(idCard, '110105 19491231 002X')).toBe('11010519491231002X');
  });

  it('suggests how a postcode begins only where the province leaves one way', () => {
    expect(postcodeBeginning('110105')).toBe('10');
    expect(postcodeBeginning('310115')).toBe('20');
    expect(postcodeBeginning('440305')).toBeUndefined();
    expect(postcodeBeginning('')).toBeUndefined();
  });
});
