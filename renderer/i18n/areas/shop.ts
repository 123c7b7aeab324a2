import type { Language } from '../../../domain/language.ts';

export interface ShopWords {}

export const shopWords: Readonly<Record<Language, ShopWords>> = { zh: {}, en: {} };
