import type { ReactNode } from 'react';
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import type { KioskStatus, Shopfront } from '../../domain/contract/kiosk.ts';
import type { Language } from '../../domain/language.ts';
import type { RuleFacts } from '../../domain/rules/facts.ts';
import { tagOf, wordsOf } from '../i18n/language.ts';
import type { Words } from '../i18n/words.ts';
import type { Action } from '../state/action.ts';
import { factsOf } from '../state/facts.ts';
import type { Model, Visit } from '../state/model.ts';
import type { Store } from '../state/store.ts';
import { createFactsMemo, createSelection } from './selection.ts';

interface KioskValue {
  readonly store: Store;
  /** One set of facts for the whole page, made anew only when something that they are made of has changed. */
  readonly factsOf: (model: Model) => RuleFacts | undefined;
}

const KioskContext = createContext<KioskValue | undefined>(undefined);

export function KioskProvider({ store, children }: { readonly store: Store; readonly children: ReactNode }) {
  const value = useMemo(() => ({ store, factsOf: createFactsMemo(factsOf) }), [store]);
  return (
    <KioskContext value={value}>
      <Locale>{children}</Locale>
    </KioskContext>
  );
}

/** The component library names and orders things by the customer's language, not by the machine's. */
function Locale({ children }: { readonly children: ReactNode }) {
  const language = useSelect(languageOf);
  return <I18nProvider locale={tagOf[language]}>{children}</I18nProvider>;
}

function languageOf({ visit, shopfront }: Model): Language {
  return visit?.language ?? shopfront?.defaultLanguage ?? 'zh';
}

function useContextValue(): KioskValue {
  const value = useContext(KioskContext);
  if (!value) throw new Error('a part of the page stands outside KioskProvider');
  return value;
}

/**
 * A part of the model. The component is rendered again only where the part has changed: `Object.is`, and for plain objects and arrays their first level.
 * A selector that stands outside the component is asked once a step; one written inside is asked at each rendering, too.
 */
export function useSelect<T>(select: (model: Model) => T): T {
  const { store } = useContextValue();
  const read = useMemo(() => createSelection(store.getModel, select), [store, select]);
  return useSyncExternalStore(store.subscribe, read, read);
}

/** Stays the same for the page's whole life. */
export function useDispatch(): (action: Action) => void {
  return useContextValue().store.dispatch;
}

/** What the rules judge by, as far as the page knows; undefined until core has told. The same object until one of its sources changes. */
export function useFacts(): RuleFacts | undefined {
  return useSelect(useContextValue().factsOf);
}

export interface Kiosk {
  readonly model: Model;
  readonly dispatch: (action: Action) => void;
}

/** The whole model: rendered again at every step. `useSelect` is for what stands on the screen many times. */
export function useKiosk(): Kiosk {
  const { store } = useContextValue();
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
  const { visit } = model;
  if (!visit) throw new Error('a screen of a visit is shown without one');
  const { language } = visit;
  return { visit, language, words: wordsOf[language], dispatch };
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

/** The language and its words alone: for parts that are shown many times. */
export function useWords(): { readonly language: Language; readonly words: Words } {
  const language = useSelect(languageOf);
  return { language, words: wordsOf[language] };
}
