import type { Step } from './action.ts';
import type { Desk, Model } from './model.ts';
import { screenOf } from './model.ts';
import { endVisit, only } from './visit.ts';

/**
 * Where nobody has begun to choose anything, the staff's part can be opened: by the corner that is held, or by a card. The visit of a language that was
 * not chosen yet ends with it.
 */
export function canOpenDesk(model: Model): boolean {
  const screen = screenOf(model);
  switch (screen.kind) {
    case 'attract':
    case 'connecting':
    case 'out_of_service':
    case 'paused':
      return model.visit === undefined;
    case 'language':
      return model.visit?.sheet === undefined;
    default:
      return false;
  }
}

export function openDesk(model: Model, cards: number): Step {
  if (!canOpenDesk(model)) return only(model);
  const ended = endVisit(model);
  const desk: Desk = { language: model.shopfront?.defaultLanguage ?? 'zh', textSize: 'normal', cards };
  return { model: { ...ended.model, desk }, effects: ended.effects };
}

export function closeDesk(model: Model): Step {
  return model.desk ? only({ ...model, desk: undefined }, { kind: 'staff_leave' }) : only(model);
}
