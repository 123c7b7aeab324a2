import type { Language } from '../../../domain/language.ts';

export interface DetailsWords {}

export const detailsWords: Readonly<Record<Language, DetailsWords>> = { zh: {}, en: {} };
