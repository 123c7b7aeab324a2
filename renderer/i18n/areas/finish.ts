import type { Language } from '../../../domain/language.ts';

export interface FinishWords {}

export const finishWords: Readonly<Record<Language, FinishWords>> = { zh: {}, en: {} };
