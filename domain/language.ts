import { z } from 'zod';

/** The two languages that every text exists in. */
export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];
export const languageSchema = z.enum(languages);

/** A text that a customer reads, always in both languages. */
export type Bilingual = Readonly<Record<Language, string>>;
export const bilingualSchema = z.strictObject({ zh: z.string().min(1).max(300), en: z.string().min(1).max(300) });
