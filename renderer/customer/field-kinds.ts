import type { FormField } from '../../domain/catalogue/form.ts';
import { maxFormValue } from '../../domain/catalogue/form.ts';
import { fitsProvince } from '../../domain/rules/postcode.ts';

/** By what a field is filled in. */
export function padOf({ kind }: FormField): 'keypad' | 'keyboard' | 'none' {
  switch (kind) {
    case 'phone':
    case 'digits':
    case 'id_card':
    case 'postcode':
      return 'keypad';
    case 'name':
    case 'text':
    case 'street':
      return 'keyboard';
    case 'choice':
    case 'district':
    case 'consent':
      return 'none';
  }
}

/** The most characters that its keys put in. */
export function mostOfField(field: FormField): number {
  switch (field.kind) {
    case 'phone': return 11;
    case 'digits':
    case 'text': return field.maxLength;
    case 'id_card': return 18;
    case 'postcode': return 6;
    case 'name': return 40;
    default: return maxFormValue;
  }
}

/** "110101 19900101 123X": long numbers are read in groups. */
export function shownValue({ kind }: FormField, value: string): string {
  return kind === 'id_card' ? [value.slice(0, 6), value.slice(6, 14), value.slice(14)].filter(Boolean).join(' ') : value;
}

export function typedValue({ kind }: FormField, shown: string): string {
  return kind === 'id_card' ? shown.replaceAll(' ', '') : shown;
}

/** How the postcodes of a district's province begin, where they all begin alike; nothing where the province has several beginnings. */
export function postcodeBeginning(district: string): string | undefined {
  if (!/^\d{6}$/.test(district)) return undefined;
  const beginnings = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0')).filter((two) => fitsProvince(`${two}0000`, district));
  return beginnings.length === 1 ? beginnings[0] : undefined;
}
