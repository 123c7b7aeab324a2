import type { Language } from '../../../domain/language.ts';

export interface SpokenWords {}

export const spokenWords: Readonly<Record<Language, SpokenWords>> = { zh: {}, en: {} };
