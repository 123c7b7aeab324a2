import type { VirtualItem } from '@tanstack/react-virtual';
import type { ReactNode } from 'react';
import { createContext, useContext, useEffect, useState } from 'react';
import type { Model } from '../state/model.ts';
import { useSelect } from './kiosk-context.tsx';

/** Where a list stood when its customer left it. */
export interface ListPlace {
  readonly offset: number;
  readonly columns: number;
  /** How high its rows were. */
  readonly rows: readonly VirtualItem[];
}

export interface ListPlaces {
  get(list: string): ListPlace | undefined;
  set(list: string, place: ListPlace): void;
}

const nowhere: ListPlaces = { get: () => undefined, set() {} };
const ListPlacesContext = createContext<ListPlaces>(nowhere);

/** Lists keep their place while a visit lasts, and forget it with the customer. */
export function ListPlacesProvider({ children }: { readonly children: ReactNode }) {
  const [places] = useState(() => new Map<string, ListPlace>());
  const isVisited = useSelect(hasVisit);
  useEffect(() => () => places.clear(), [places, isVisited]);
  return <ListPlacesContext value={places}>{children}</ListPlacesContext>;
}

export function useListPlaces(): ListPlaces {
  return useContext(ListPlacesContext);
}

function hasVisit({ visit }: Model): boolean {
  return visit !== undefined;
}
