import { sentencesOf } from '../../domain/speech/sentences.ts';
import type { Language } from '../../domain/language.ts';
import type { KioskClient } from '../state/kiosk-client.ts';
import type { Player } from './player.ts';

export interface Said {
  readonly text: string;
  readonly language: Language;
}

export interface Speaker {
  /** `now` breaks off what is being said; otherwise it comes behind that. */
  say(said: Said, now: boolean): void;
  hush(): void;
  isSpeaking(): boolean;
}

export interface SpeakerDeps {
  readonly client: KioskClient;
  readonly player: Player;
  readonly wordsPerMinute: () => number;
  /** Hears of every utterance, as it is asked for. */
  readonly onSaid: (said: Said) => void;
}

/** A piece is heard while the next one is made. */
const pieceLength = 200;
/** So much may wait behind what is being said; older news is then no news. */
const mostWaiting = 6;
/** Core was restarted, or the voice hangs: the next piece is tried. */
const patienceMs = 12_000;

/** One voice: asks core for the sound of one piece after the other, and plays it. */
export function createSpeaker({ client, player, wordsPerMinute, onSaid }: SpeakerDeps): Speaker {
  let waiting: Said[] = [];
  let nextId = 0;
  /** The piece whose sound is awaited. */
  let awaited: { readonly id: number; readonly deadline: ReturnType<typeof setTimeout> } | undefined;
  /** Rises whenever all is broken off: what comes late is of another turn. */
  let turn = 0;
  let isBusy = false;

  client.onEvent((event) => {
    if (event.name !== 'speech' || event.payload.id !== awaited?.id) return;
    settleAwaited();
    void sound(event.payload.wave);
  });

  async function sound(wave: string | undefined): Promise<void> {
    const mine = turn;
    if (wave !== undefined) await player.play(wave);
    if (mine === turn) next();
  }

  function settleAwaited(): void {
    clearTimeout(awaited?.deadline);
    awaited = undefined;
  }

  function next(): void {
    const piece = waiting.shift();
    isBusy = piece !== undefined;
    if (!piece) return;
    const id = nextId++;
    const mine = turn;
    const giveUp = () => {
      if (mine !== turn || awaited?.id !== id) return;
      settleAwaited();
      next();
    };
    awaited = { id, deadline: setTimeout(giveUp, patienceMs) };
    void client.request('speak', { id, text: piece.text, language: piece.language, wordsPerMinute: wordsPerMinute() }).then((answer) => (answer.ok ? undefined : giveUp()));
  }

  function hush(): void {
    turn += 1;
    waiting = [];
    isBusy = false;
    settleAwaited();
    player.stop();
  }

  return {
    say(said, now) {
      const text = said.text.trim();
      if (text === '') return;
      if (now) hush();
      onSaid({ text, language: said.language });
      waiting = [...waiting, ...piecesOf(text).map((piece) => ({ text: piece, language: said.language }))].slice(now ? 0 : -mostWaiting);
      if (!isBusy) next();
    },
    hush,
    isSpeaking: () => isBusy,
  };
}

/** Whole sentences, as many as fit: short enough to begin soon, and within what the contract lets one be. */
export function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  for (const sentence of sentencesOf(text)) {
    const last = pieces.at(-1);
    if (last !== undefined && last.length + sentence.length < pieceLength) pieces[pieces.length - 1] = `${last} ${sentence}`;
    else pieces.push(sentence);
  }
  return pieces;
}
