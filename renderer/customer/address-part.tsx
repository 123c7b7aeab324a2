import { useEffect, useRef, useState } from 'react';
import type { FormField } from '../../domain/catalogue/form.ts';
import { Key } from '../keyboard/key.tsx';
import { useLatest } from '../keyboard/use-latest.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { CheckIcon, EraseIcon, NextIcon } from '../ui/icons.tsx';
import { Notice } from '../ui/notice.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { Tile } from '../ui/tile.tsx';
import type { Place } from './address-data.ts';
import './address-part.css';
import { useVisit } from './kiosk-context.tsx';
import type { AddressData } from './use-address-data.ts';
import { useAddressData } from './use-address-data.ts';

export interface AddressPartProps {
  readonly field: FormField;
  /** Six digits, or ''. */
  readonly value: string;
}

/** Province, city, district: one list after the other, each narrowed by the first letters of its pinyin. */
export function AddressPart({ field, value }: AddressPartProps) {
  const { words } = useVisit();
  const data = useAddressData();
  if (data === 'loading') return <Skeleton label={words.details.district.loading} className="address__skeleton" />;
  if (data === 'failed') return <Notice tone="warn">{words.details.district.failed}</Notice>;
  return <PlacePicker field={field} value={value} data={data} />;
}

const letters = [...'abcdefghijklmnopqrstuvwxyz'];

function PlacePicker({ field, value, data }: AddressPartProps & { readonly data: AddressData }) {
  const { words, language, dispatch } = useVisit();
  const district = words.details.district;
  const [way, setWay] = useState<readonly Place[]>(() => data.wayTo(value).filter(({ parts }) => parts.length > 0));
  const [typed, setTyped] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);

  const places = way.at(-1)?.parts ?? data.provinces;
  const found = data.placesBy(places, typed);
  // Where every place of the list is an end, it is the last: a municipality has no city in between.
  const level = way.length === 0 ? 'province' : places.every(({ parts }) => parts.length === 0) ? 'district' : 'city';
  const title = { province: district.chooseProvince, city: district.chooseCity, district: district.chooseDistrict }[level];
  const nextLetters = new Set(found.flatMap((place) => data.initialsOf(place)[typed.length] ?? []));

  useEffect(() => {
    if (!isFirst.current) heading.current?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [way]);

  const set = (code: string) => dispatch({ kind: 'field_typed', fieldId: field.id, value: code });
  const goTo = (next: readonly Place[]) => {
    setWay(next);
    setTyped('');
  };
  const choose = (place: Place) => {
    if (place.parts.length === 0) return set(place.code);
    if (!data.wayTo(value).includes(place)) set('');
    goTo([...way, place]);
  };
  const press = useLatest((id: string) => setTyped(id === 'erase' ? typed.slice(0, -1) : typed + id));
  const chosen = data.wayTo(value);
  const end = chosen.at(-1);
  return (
    <div className="address">
      {way.length === 0 && chosen.length === 0 ? (
        <p className="address__hint">{field.hint?.[language] ?? district.mainlandOnly}</p>
      ) : (
        <div className="address__way">
          {way.map((place, depth) => (
            <span key={place.code} className="address__step">
              {/* A place that was chosen is chosen anew from the list that it stood in. */}
              <Button className="address__crumb" onPress={() => goTo(way.slice(0, depth))} label={`${data.placeName(place, language)}, ${district.change(depth === 0 ? district.province : district.city)}`}>
                {data.placeName(place, language)}
              </Button>
              <NextIcon />
            </span>
          ))}
          <p className="address__chosen" role="status">
            {end ? (
              <>
                <CheckIcon />
                <span className="unseen">{district.chosen}</span>
                {data.placeName(end, language)}
              </>
            ) : null}
          </p>
        </div>
      )}
      <h3 className="address__title" tabIndex={-1} ref={heading}>
        {title}
      </h3>
      {found.length === 0 ? (
        <p className="address__none" role="status">
          {district.none(typed.toUpperCase())}
        </p>
      ) : (
        <ul className="address__places">
          {found.map((place) => (
            <li key={place.code}>
              <Tile className={classNames('address__place', place.code === value && 'address__place--chosen')} current={place.code === value} onPress={() => choose(place)}>
                <span>{data.placeName(place, language)}</span>
                {place.code === value ? <CheckIcon /> : null}
              </Tile>
            </li>
          ))}
        </ul>
      )}
      <div className="offer-sheet__keys address__letters" role="group" aria-label={district.initials}>
        <p className="address__typed" aria-live="polite">
          <span>{typed === '' ? `${district.initials} · ${district.initialsHint}` : ''}</span>
          {typed === '' ? null : <strong lang="en">{[...typed.toUpperCase()].join(' ')}</strong>}
        </p>
        <div className="address__pad">
          {letters.map((letter) => (
            <Key key={letter} id={letter} onKey={press} label={words.details.keyboard.letter(letter.toUpperCase())} disabled={!nextLetters.has(letter)} lang="en">
              {letter.toUpperCase()}
            </Key>
          ))}
          <Key id="erase" onKey={press} label={words.details.keyboard.erase} disabled={typed === ''} className="address__erase">
            <EraseIcon />
          </Key>
        </div>
      </div>
    </div>
  );
}
