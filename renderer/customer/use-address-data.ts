import { useEffect, useState } from 'react';
import type { Place } from './address-data.ts';

export interface AddressData {
  readonly provinces: readonly Place[];
  readonly wayTo: (code: string) => readonly Place[];
  readonly placesBy: (places: readonly Place[], initials: string) => readonly Place[];
  readonly initialsOf: (place: Place) => string;
  readonly placeName: (place: Place, language: 'zh' | 'en') => string;
}

/** The list of places is large, so it is a file of its own that comes when an address is first asked for. */
export function useAddressData(): AddressData | 'loading' | 'failed' {
  const [data, setData] = useState<AddressData | 'loading' | 'failed'>('loading');
  useEffect(() => {
    let gone = false;
    import('./address-data.ts').then(
      ({ provincesOfChina, wayTo, placesBy, initialsOf, placeName }) => {
        if (gone) return;
        const provinces = provincesOfChina();
        setData({ provinces, wayTo: (code) => wayTo(code, provinces), placesBy, initialsOf, placeName });
      },
      () => (gone ? undefined : setData('failed')),
    );
    return () => {
      gone = true;
    };
  }, []);
  return data;
}
