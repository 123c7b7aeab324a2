import { useLayoutEffect, useRef, useState } from 'react';
import { Group } from 'react-aria-components/Group';
import type { DetailsWords } from '../i18n/areas/details.ts';
import { NextIcon } from '../ui/icons.tsx';
import { Key } from './key.tsx';
import type { Candidate } from './pinyin-input.ts';
import { useLatest } from './use-latest.ts';

export interface CandidateBarProps {
  readonly words: DetailsWords['keyboard'];
  /** The typed letters, parted into syllables. */
  readonly letters: string;
  readonly candidates: readonly Candidate[];
  /** What to do while nothing is typed. */
  readonly hint: string | undefined;
  /** Told "{n}" for the candidate at place n. */
  readonly onChoose: (id: string) => void;
}

/** About as many characters as one line holds at most, and as any line holds; a candidate counts at least two. */
const mostOfAPage = 18;
const leastOfAPage = 4;

/** What the typed letters can mean, a page at a time. Its place is kept while it is empty: the keys never move under the finger. */
export function CandidateBar({ words, letters, candidates, hint, onChoose }: CandidateBarProps) {
  const list = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(mostOfAPage);
  const pages = pagesOf(candidates, room);
  const [turned, setTurned] = useState({ letters, page: 0 });
  const page = turned.letters === letters ? Math.min(turned.page, Math.max(0, pages.length - 1)) : 0;
  // A narrow keyboard, larger text, wider characters: what does not fit is on the next page, before anybody sees it cut off.
  useLayoutEffect(() => {
    const bar = list.current!;
    const look = () => setRoom((most) => (bar.scrollWidth > bar.clientWidth + 1 && most > leastOfAPage ? most - 1 : most));
    const sizes = new ResizeObserver(look);
    sizes.observe(bar);
    look();
    return () => sizes.disconnect();
  }, [candidates, page, room]);
  const turn = useLatest((id: string) => setTurned({ letters, page: id === 'next' ? page + 1 : page - 1 }));
  return (
    <Group className="candidate-bar" aria-label={words.candidates}>
      <p className="candidate-bar__letters" lang={letters === '' ? undefined : 'zh-Latn-pinyin'} aria-live="off">
        {letters === '' ? hint : letters}
      </p>
      <div ref={list} className="candidate-bar__list" lang="zh-CN">
        {(pages[page] ?? []).map(({ text, place }, index) => (
          <Key key={place} id={`{${place}}`} onKey={onChoose} label={words.candidate(text, index + 1)} className="key--candidate">
            {text}
          </Key>
        ))}
      </div>
      {/* The bar's height is kept without them. */}
      {pages.length < 2 ? null : (
        <>
          <Key id="previous" onKey={turn} label={words.previous} className="key--turn key--turn-back" disabled={page === 0}>
            <NextIcon />
          </Key>
          <Key id="next" onKey={turn} label={words.next} className="key--turn" disabled={page >= pages.length - 1}>
            <NextIcon />
          </Key>
        </>
      )}
    </Group>
  );
}

function pagesOf(candidates: readonly Candidate[], most: number): readonly (readonly { readonly text: string; readonly place: number }[])[] {
  const pages: { text: string; place: number }[][] = [];
  let room = 0;
  for (const [place, { text }] of candidates.entries()) {
    const width = Math.max(2, [...text].length + 1);
    if (room < width) {
      pages.push([]);
      room = most;
    }
    pages.at(-1)!.push({ text, place });
    room -= width;
  }
  return pages;
}
