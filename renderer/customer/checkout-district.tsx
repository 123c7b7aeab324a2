import { useEffect, useState } from 'react';
import type { Language } from '../../domain/language.ts';

/** The whole way to a district in words; the list of places is large, so it comes when it is needed, and the code keeps its place until then. */
export function DistrictName({ code, language }: { readonly code: string; readonly language: Language }) {
  const [name, setName] = useState<string | undefined>(undefined);
  useEffect(() => {
    let isWanted = true;
    import('./address-data.ts').then(
      ({ placeName, provincesOfChina, wayTo }) => {
        const way = wayTo(code, provincesOfChina()).map((place) => placeName(place, language));
        if (isWanted && way.length > 0) setName(language === 'zh' ? way.join(' ') : way.toReversed().join(', '));
      },
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [code, language]);
  return name ?? code;
}
