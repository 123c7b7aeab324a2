import type { ReactNode } from 'react';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { KioskStatus, Shopfront } from '../../domain/contract/kiosk.ts';
import type { Language } from '../../domain/language.ts';
import { wordsOf } from '../i18n/language.ts';
import type { Words } from '../i18n/words.ts';
import type { Action } from '../state/action.ts';
import type { Model, Visit } from '../state/model.ts';
import type { Store } from '../state/store.ts';

const StoreContext = createContext<Store | undefined>(undefined);

export function KioskProvider({ store, children }: { readonly store: Store; readonly children: ReactNode }) {
  return <StoreContext value={store}>{children}</StoreContext>;
}

export interface Kiosk {
  readonly model: Model;
  readonly dispatch: (action: Action) => void;
}

export function useKiosk(): Kiosk {
  const store = useContext(StoreContext);
  if (!store) throw new Error('useKiosk stands outside KioskProvider');
  const model = useSyncExternalStore(store.subscribe, store.getModel, store.getModel);
  return { model, dispatch: store.dispatch };
}

export interface VisitView {
  readonly visit: Visit;
  readonly language: Language;
  readonly words: Words;
  readonly dispatch: (action: Action) => void;
}

/** For what is only shown while a customer is there. */
export function useVisit(): VisitView {
  const { model, dispatch } = useKiosk();
  if (!model.visit) throw new Error('a screen of a visit is shown without one');
  const { language } = model.visit;
  return { visit: model.visit, language, words: wordsOf[language], dispatch };
}

export interface ShopView extends VisitView {
  readonly shopfront: Shopfront;
  readonly status: KioskStatus;
}

/** For the screens on which something can be chosen. */
export function useShop(): ShopView {
  const { model } = useKiosk();
  const view = useVisit();
  if (!model.shopfront || !model.status) throw new Error('a screen of the shop is shown without one');
  return { ...view, shopfront: model.shopfront, status: model.status };
}
