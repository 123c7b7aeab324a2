import type { Language } from '../../../domain/language.ts';

export interface FrameWords {}

export const frameWords: Readonly<Record<Language, FrameWords>> = { zh: {}, en: {} };
