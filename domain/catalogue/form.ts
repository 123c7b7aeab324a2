import { z } from 'zod';
import { slugSchema } from '../ids.ts';
import { bilingualSchema } from '../language.ts';

const common = {
  /** Names the value in a cart's line and in the order. */
  id: slugSchema,
  label: bilingualSchema,
  hint: bilingualSchema.optional(),
  required: z.boolean().default(true),
  /** Asked only where another field of the same form, further up, has one of these values. */
  when: z.strictObject({ field: slugSchema, is: z.array(z.string().max(60)).min(1).max(20) }).optional(),
};

/** What a customer fills in, described as data. Every value is a string; `domain/rules/form.ts` says which are valid. */
export const formFieldSchema = z.discriminatedUnion('kind', [
  /** A mobile number of the People's Republic of China, eleven digits. */
  z.strictObject({ ...common, kind: z.literal('phone') }),
  z.strictObject({ ...common, kind: z.literal('name') }),
  z.strictObject({ ...common, kind: z.literal('text'), minLength: z.int().min(0).max(200).default(0), maxLength: z.int().min(1).max(200).default(100) }),
  z.strictObject({ ...common, kind: z.literal('digits'), minLength: z.int().min(1).max(30), maxLength: z.int().min(1).max(30) }),
  /** A resident identity card's number (GB 11643): 17 digits and a check character. */
  z.strictObject({ ...common, kind: z.literal('id_card') }),
  /** One of these; the value is its id. */
  z.strictObject({ ...common, kind: z.literal('choice'), choices: z.array(z.strictObject({ id: slugSchema, label: bilingualSchema })).min(2).max(12), preselected: slugSchema.optional() }),
  /** A county or district by its six digits (GB/T 2260); province and city lead there. */
  z.strictObject({ ...common, kind: z.literal('district') }),
  /** Street, number, building, room. */
  z.strictObject({ ...common, kind: z.literal('street') }),
  /** Six digits that fit the province of the form's district. */
  z.strictObject({ ...common, kind: z.literal('postcode') }),
  /** The value is the version of the text that was agreed to. */
  z.strictObject({ ...common, kind: z.literal('consent'), text: z.strictObject({ zh: z.string().min(1).max(2000), en: z.string().min(1).max(2000) }), version: z.string().min(1).max(40) }),
]);
export type FormField = z.infer<typeof formFieldSchema>;
export type FormFieldKind = FormField['kind'];

/** The longest value of a field, in UTF-16 code units. */
export const maxFormValue = 200;

/** The one field that most offers ask for, and what the shorthand "phone" in a catalogue stands for. */
export const phoneField: FormField = { id: 'phone', kind: 'phone', label: { zh: '手机号', en: 'Mobile number' }, required: true };

/** What a delivery asks for, before the offer's own fields. */
export const deliveryFields: readonly FormField[] = [
  { id: 'contact-name', kind: 'name', label: { zh: '收货人', en: 'Recipient' }, required: true },
  { id: 'contact-phone', kind: 'phone', label: { zh: '联系电话', en: 'Contact number' }, required: true },
  { id: 'district', kind: 'district', label: { zh: '所在地区', en: 'Province, city, district' }, required: true },
  { id: 'street', kind: 'street', label: { zh: '详细地址', en: 'Street address' }, required: true },
  { id: 'postcode', kind: 'postcode', label: { zh: '邮政编码', en: 'Postcode' }, required: false },
];

/** The fields that are asked now, given what has been filled in: a field whose condition does not hold is neither asked nor sent. */
export function askedFields(fields: readonly FormField[], form: Readonly<Record<string, string>>): readonly FormField[] {
  const asked: FormField[] = [];
  for (const field of fields) {
    const { when } = field;
    const isAsked = when === undefined || (asked.some(({ id }) => id === when.field) && when.is.includes((form[when.field] ?? '').trim()));
    if (isAsked) asked.push(field);
  }
  return asked;
}

/** What is kept of a form when it is done: the fields that are asked, where they hold something, without spaces around it. The rules refuse anything else. */
export function keptOfForm(fields: readonly FormField[], form: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(askedFields(fields, form).flatMap(({ id }) => {
    const value = (form[id] ?? '').trim();
    return value === '' ? [] : [[id, value] as const];
  }));
}
