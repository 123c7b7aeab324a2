import { useEffect, useMemo, useReducer, useState } from 'react';
import { Group } from 'react-aria-components/Group';
import type { Language } from '../../domain/language.ts';
import { tagOf, wordsOf } from '../i18n/language.ts';
import { classNames } from '../ui/class-names.ts';
import { EraseIcon, GlobeIcon } from '../ui/icons.tsx';
import { CandidateBar } from './candidate-bar.tsx';
import { ShiftIcon } from './key-icons.tsx';
import { Key } from './key.tsx';
import './keyboard.css';
import { Keypad } from './keypad.tsx';
import { letterRows, signRows } from './layout.ts';
import type { PinyinInput } from './pinyin-input.ts';
import type { Written } from './typing.ts';
import { agreedWith, firstTyping, write } from './typing.ts';
import { useLatest } from './use-latest.ts';

export interface KeyboardProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Of its words, and what it writes at first where it writes both. */
  readonly language: Language;
  /** `text`: Chinese by pinyin and Latin; `latin`: without Chinese; `digits`: the keypad. */
  readonly mode: 'text' | 'latin' | 'digits';
  /** What is typed with it. */
  readonly label: string;
  /** A person's name is typed: family names and their like come first. */
  readonly names?: boolean;
  /** Words of this shop, which are offered before common ones. Has to stay the same list while nothing changes. */
  readonly words?: readonly string[] | undefined;
  /** In UTF-16 code units. */
  readonly maxLength?: number | undefined;
}

/** The on-screen keyboard. It writes at the end of `value`, of which letters are a part before their character is chosen: nothing that was typed is lost. A real keyboard works as well. */
export function Keyboard(props: KeyboardProps) {
  const { value, onChange, language, mode, label, maxLength } = props;
  return mode === 'digits' ? <Keypad value={value} onChange={onChange} language={language} label={label} maxLength={maxLength} /> : <Letters {...props} />;
}

function Letters({ value, onChange, language, mode, label, names = false, words: ownWords, maxLength = 200 }: KeyboardProps) {
  const words = wordsOf[language].details.keyboard;
  const [last, setLast] = useState<Written>(() => ({ typing: firstTyping(mode === 'text' && language === 'zh'), chosen: value, told: value }));
  const written = useMemo(() => agreedWith(last, value), [last, value]);
  const { typing, chosen } = written;
  const pinyin = usePinyin(typing.chinese, ownWords);
  const { chinese, letters, shifted, signs } = typing;
  const candidates = useMemo(() => (chinese && pinyin ? pinyin.candidates(letters, { names, before: chosen }) : []), [chinese, pinyin, letters, names, chosen]);
  const press = useLatest((id: string) => {
    const next = write(written, id, candidates, maxLength);
    setLast(next);
    if (next.told !== value) onChange(next.told);
  });
  const rows = signs ? signRows[chinese ? 'chinese' : 'latin'] : letterRows;
  return (
    <Group className={classNames('keyboard', mode === 'text' && 'keyboard--text')} aria-label={`${words.keyboard}: ${label}`}>
      {mode === 'text' ? (
        <CandidateBar
          words={words}
          letters={letters === '' ? '' : (pinyin?.syllables(letters).join(' ') ?? letters)}
          candidates={candidates}
          hint={!chinese ? undefined : pinyin ? words.typePinyin : words.loading}
          onChoose={press}
        />
      ) : null}
      {rows.map((row, place) => (
        <div key={place} className="keyboard__row">
          {row.map((id) => {
            switch (id) {
              case '{shift}':
                return (
                  <Key key={id} id={chinese ? "'" : id} onKey={press} label={chinese ? words.separator : words.shift} className={classNames('key--wide', shifted && 'key--on')}>
                    {chinese ? "'" : <ShiftIcon />}
                  </Key>
                );
              case '{erase}':
                return (
                  <Key key={id} id={id} onKey={press} label={words.erase} className="key--wide">
                    <EraseIcon />
                  </Key>
                );
              case '{clear}':
                return (
                  <Key key={id} id={id} onKey={press} label={words.clear} className="key--wide key--word">
                    {words.clear}
                  </Key>
                );
              default: {
                const shown = shifted ? id.toUpperCase() : id;
                const isLetter = /[a-z]/.test(id);
                return (
                  <Key key={id} id={shown} onKey={press} label={isLetter ? (shifted ? words.capital : words.letter)(shown) : (words.sign[id] ?? id)} lang={isLetter ? 'en' : undefined}>
                    {shown}
                  </Key>
                );
              }
            }
          })}
        </div>
      ))}
      <div className="keyboard__row">
        <Key id="{signs}" onKey={press} label={signs ? words.letters : words.symbols} className="key--wide key--word">
          {signs ? 'ABC' : '#+='}
        </Key>
        {mode === 'text' ? (
          <Key id="{language}" onKey={press} label={chinese ? words.toLatin : words.toChinese} className="key--wide key--word">
            <GlobeIcon />
            <span lang={tagOf[chinese ? 'zh' : 'en']}>{chinese ? words.chineseNow : words.latinNow}</span>
          </Key>
        ) : null}
        <Key id=" " onKey={press} label={letters === '' ? words.space : words.takeFirst} className="key--space key--word">
          {letters === '' ? words.spaceKey : words.takeFirst}
        </Key>
        <Key id={chinese ? '。' : '.'} onKey={press} label={words.sign[chinese ? '。' : '.']!}>
          {chinese ? '。' : '.'}
        </Key>
      </div>
    </Group>
  );
}

/** The engine with its dictionary is a file of its own, and asked for when Chinese is first written. */
function usePinyin(wanted: boolean, words: readonly string[] | undefined): PinyinInput | undefined {
  const [loaded, setLoaded] = useState<{ readonly input: PinyinInput; readonly words: readonly string[] | undefined } | undefined>(undefined);
  const [attempt, tryAgain] = useReducer((count: number) => count + 1, 0);
  const isThere = loaded !== undefined && loaded.words === words;
  useEffect(() => {
    if (!wanted || isThere) return;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    Promise.all([import('./pinyin-input.ts'), import('./pinyin-dictionary.ts')]).then(
      ([{ createPinyinInput }, { pinyinDictionary }]) => (gone ? undefined : setLoaded({ input: createPinyinInput(pinyinDictionary(words)), words })),
      () => (gone ? undefined : (timer = setTimeout(tryAgain, 1000))),
    );
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [wanted, isThere, words, attempt]);
  return loaded?.input;
}
