import type { Language } from '../../domain/language.ts';
import { formatMoney } from '../../domain/money.ts';
import { priceCart } from '../../domain/pricing/pricing.ts';
import { wordsOf } from '../i18n/language.ts';
import type { KioskClient } from '../state/kiosk-client.ts';
import type { Visit } from '../state/model.ts';
import { screenOf } from '../state/model.ts';
import type { Store } from '../state/store.ts';
import { createLook, createRing } from './dom.ts';
import { watchHeadphones } from './headphones.ts';
import { listenForKeys } from './key-listener.ts';
import type { Command } from './keys.ts';
import { liveNews } from './live.ts';
import type { Player } from './player.ts';
import { createPlayer, normalVolume } from './player.ts';
import { keyBeside } from './pad.ts';
import type { Snapshot } from './snapshot.ts';
import { findStop, introOf, jump, takeSnapshot } from './snapshot.ts';
import type { Said } from './speaker.ts';
import { createSpeaker } from './speaker.ts';
import './speech.css';
import type { Stop } from './stop.ts';
import { isActive } from './stop.ts';
import type { Voice } from './utterance.ts';
import { joined, sayChange, sayStop, sayTyped, sentences } from './utterance.ts';

export interface SpeechDeps {
  readonly store: Store;
  readonly client: KioskClient;
  readonly window: Window & typeof globalThis;
  readonly player?: Player;
  /** Somebody is listening: told again and again while something is said, for a long text is no absence. */
  readonly onSpeaking?: () => void;
}

/** Every utterance goes out as this event on `window`, `detail` being `{text, language}`: the plain text, before numbers become words. Tests read it. */
export const spokenEvent = 'counter24:spoken';

/** The page settles for so long after a change before it is read again. */
const settleMs = 80;
/** A press that has changed nothing in this time is only said to have happened. */
const pressMs = 500;
const speakingMs = 3000;
const speedStep = 25;
const watched = ['aria-label', 'aria-hidden', 'aria-checked', 'aria-pressed', 'aria-selected', 'aria-expanded', 'aria-disabled', 'aria-invalid', 'aria-current', 'aria-busy', 'disabled', 'hidden', 'inert', 'open', 'value'];

/**
 * The whole order without sight, by five keys and help. It reads what the page says of itself (roles, names, states), so a screen needs nothing for it but to be
 * accessible. While speech is off it takes no key but the one that begins it. Create it after `listenForScans`.
 */
export function createSpeech({ store, client, window, player = createPlayer(window), onSpeaking = () => {} }: SpeechDeps): { stop(): void } {
  const { document } = window;
  const look = createLook(window);
  const ring = createRing();
  let lately: Said[] = [];
  const speaker = createSpeaker({
    client, player,
    wordsPerMinute: () => store.getModel().visit?.speech.wordsPerMinute ?? 180,
    onSaid(said) {
      lately.push(said);
      window.dispatchEvent(new window.CustomEvent(spokenEvent, { detail: said }));
    },
  });
  const listening = setInterval(() => isOn && speaker.isSpeaking() && onSpeaking(), speakingMs);
  let isOn = false;
  let spokenLast: Language = 'zh';
  let page: Snapshot | undefined;
  let current: Stop | undefined;
  /** Where a reading stood on what sheets lie over, the topmost last. */
  let below: readonly { readonly key: string; readonly stop: Stop | undefined }[] = [];
  let cart: Visit['cart'] | undefined;
  /** The place at which the total was told last. */
  let toldAt: string | undefined;
  let toldPrice = '';
  /** A press whose effect has not been heard yet, by when it must be. */
  let pressedUntil: number | undefined;
  let settling: ReturnType<typeof setTimeout> | undefined;
  const observer = new window.MutationObserver(() => settleSoon());

  function voice(language: Language = languageNow()): Voice {
    return { language, words: wordsOf[language].spoken };
  }

  function languageNow(): Language {
    const { visit, shopfront } = store.getModel();
    return visit?.language ?? shopfront?.defaultLanguage ?? 'zh';
  }

  /** What a stop is, is said in the customer's language, whatever the language of its name; both, where they have chosen none yet. */
  function voiceOf(stop: Stop): Voice {
    return voice(store.getModel().visit?.stage.kind === 'language' ? stop.language : undefined);
  }

  function sayOf(stop: Stop, from?: Stop): void {
    const mine = voiceOf(stop);
    say(sayStop(stop, mine, from), true, mine.language);
  }

  function say(text: string, now: boolean, language: Language = languageNow()): void {
    if (now) lately = [];
    speaker.say({ text, language }, now);
  }

  // ------------------------------------------------------------------ on and off

  function follow(): void {
    const { visit } = store.getModel();
    const wanted = visit?.speech.on === true;
    if (visit) player.setVolume(visit.speech.volume);
    if (wanted && !isOn) begin();
    else if (!wanted && isOn) {
      end();
      // Silence would leave open whether the machine still listens.
      const { words } = voice(spokenLast);
      say(visit ? words.switchedOff : words.ended, true, spokenLast);
    } else if (isOn) settleSoon();
    if (visit) spokenLast = visit.language;
  }

  function begin(): void {
    isOn = true;
    cart = store.getModel().visit?.cart;
    page = undefined;
    current = undefined;
    below = [];
    pressedUntil = undefined;
    observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: watched });
    welcome();
    settleSoon();
  }

  /** Who has not chosen a language yet hears both. */
  function welcome(): void {
    const isAsked = store.getModel().visit?.stage.kind === 'language';
    const first = languageNow();
    say(wordsOf[first].spoken.welcome, true);
    if (isAsked) say(wordsOf[first === 'zh' ? 'en' : 'zh'].spoken.welcome, false, first === 'zh' ? 'en' : 'zh');
  }

  function end(): void {
    isOn = false;
    observer.disconnect();
    clearTimeout(settling);
    settling = undefined;
    ring.put(undefined, false);
    page = undefined;
    current = undefined;
    below = [];
    cart = undefined;
    toldAt = undefined;
    toldPrice = '';
    lately = [];
    speaker.hush();
    player.setVolume(normalVolume);
  }

  function switchOn(): void {
    player.wake();
    if (isOn) {
      welcome();
      page = undefined;
      settleSoon();
      return;
    }
    store.dispatch({ kind: 'speech_switched', on: true });
    if (!store.getModel().visit) sayClosed();
  }

  /** Nobody can begin now: why stands on the screen. */
  function sayClosed(): void {
    const { stops } = takeSnapshot(document.body, look, store.getModel());
    const texts = stops.filter(({ kind }) => kind === 'heading' || kind === 'text').slice(0, 6);
    say(sentences(texts.map(({ name }) => name), languageNow()), true);
  }

  function switchOff(): void {
    store.dispatch({ kind: 'speech_switched', on: false });
  }

  // ------------------------------------------------------------------ what changes by itself

  function settleSoon(): void {
    settling ??= setTimeout(settle, settleMs);
  }

  function settle(): void {
    settling = undefined;
    if (!isOn) return;
    const before = page;
    const after = takeSnapshot(document.body, look, store.getModel());
    page = after;
    if (before?.key === after.key) tellChanges(before, after);
    else tellScreen(before, after);
  }

  function tellScreen(before: Snapshot | undefined, after: Snapshot): void {
    const { language, words } = voice();
    const news = liveNews(before?.live ?? after.live, after.live);
    pressedUntil = undefined;
    // What the last press did comes before where it led.
    const done = news.filter(({ element }) => !after.world.contains(element) || isOver(element)).map(({ text }) => text);
    const returned = returnTo(before, after);
    if (returned) {
      place(returned);
      const told = news.map(({ text }) => text);
      say(sentences([...told, ...total(after, told), words.backTo(after.title), sayStop(returned, voiceOf(returned))], language), before !== undefined);
      return;
    }
    const title = after.stops[after.titleAt];
    // A message around the title is told by title and first sentences.
    const message = title && after.live.find(({ element }) => element.contains(title.element))?.element;
    const isLive = message !== undefined;
    const stays = isLive && before?.place === after.place && current && !isTitle(before, current) ? findStop(after.stops, current) : undefined;
    const at = stays ?? title;
    if (at) place(at);
    else {
      current = undefined;
      ring.put(undefined, false);
    }
    const isNew = after.isDialog && before?.world !== after.world;
    const heading = isNew ? joined([words.dialog, after.about, after.title], language) : after.title;
    const above = after.isDialog ? after.stops.slice(0, Math.max(0, after.titleAt)).filter(({ kind }) => kind === 'text').slice(-1) : [];
    const intro = [...above.map(({ name }) => name), ...introOf(after, after.isDialog || isLive ? 3 : screenOf(store.getModel()).kind === 'result' ? 6 : 1, message)].filter((text) => text !== after.title);
    const about = intro.filter((text, index) => !intro.some((other, place) => place < index && other.includes(text)));
    const told = news
      .filter(({ element, text }) => !done.includes(text) && text !== after.title && !intro.some((part) => part.includes(text)) && !(title && element.contains(title.element)))
      .map(({ text }) => text);
    const said = [...done, heading, ...about, ...told];
    const isSame = isLive && before?.place === after.place;
    const more = [isSame ? '' : words.items(after.stops.filter(isActive).length), after.main && !(isSame && before?.main?.name === after.main.name) ? words.mainByLeft(after.main.name) : ''];
    // The welcome is heard to its end; any key goes on from there.
    say(sentences([...done, heading, ...about, ...total(after, said), ...told, ...more], language), before !== undefined);
  }

  /** Under a sheet that has closed the reading goes on where it was. */
  function returnTo(before: Snapshot | undefined, after: Snapshot): Stop | undefined {
    const depth = before?.isDialog ? below.findLastIndex(({ key }) => key === after.key) : -1;
    const stop = below[depth]?.stop;
    if (depth >= 0) below = below.slice(0, depth);
    else if (!after.isDialog) below = [];
    else if (before) below = [...below, { key: before.key, stop: current }];
    return stop && findStop(after.stops, stop);
  }

  function tellChanges(before: Snapshot, after: Snapshot): void {
    const parts: string[] = [];
    const was = current;
    const is = was && findStop(after.stops, was);
    if (was && is) {
      current = is;
      if (isActive(is) && is.kind !== 'field') parts.push(sayChange(was, is, voiceOf(is)));
    } else if (was) {
      const at = Math.min(before.stops.indexOf(was), after.stops.length - 1);
      const next = after.stops[Math.max(0, at)];
      place(next);
      if (next) parts.push(sayStop(next, voiceOf(next)));
    }
    const stepper = is?.kind === 'stepper' ? is.element : undefined;
    const news = liveNews(before.live, after.live).filter(({ element }) => stepper?.contains(element) !== true);
    parts.unshift(...typed(before, after), ...news.map(({ text }) => text));
    parts.push(...priceOfMain(before, after, parts), ...total(after, parts));
    const heard = parts.filter((part, index) => part !== '' && parts.indexOf(part) === index);
    const wasPressed = pressedUntil !== undefined;
    if (heard.length > 0) {
      pressedUntil = undefined;
      say(sentences(heard, languageNow()), wasPressed || news.some(({ isUrgent }) => isUrgent));
    } else if (pressedUntil !== undefined && window.performance.now() >= pressedUntil) {
      pressedUntil = undefined;
      say(voice().words.pressed, true);
    }
  }

  function typed(before: Snapshot, after: Snapshot): readonly string[] {
    return after.stops.flatMap((stop) => {
      const was = stop.kind === 'field' ? before.stops.find(({ target }) => target === stop.target) : undefined;
      if (was?.value === undefined || stop.value === undefined || was.value === stop.value) return [];
      return [stop.isSecret ? voice().words.secret(stop.value) : sayTyped(was.value, stop.value, voice())];
    });
  }

  /** A choice that changes what the main action costs: the new price is heard with it. */
  function priceOfMain({ main: was }: Snapshot, { main: is }: Snapshot, beside: readonly string[]): readonly string[] {
    const isPrice = was && is && was.name !== is.name && /[￥¥€]\s?\d/.test(is.name);
    return isPrice && !beside.includes(is.name) ? [is.name] : [];
  }

  /** The total, where a screen is about it, or where the cart has changed since it was said: once, and not where what is said beside it names it. */
  function total({ place }: Snapshot, beside: readonly string[]): readonly string[] {
    const { visit, shopfront, moment } = store.getModel();
    if (!visit) return [];
    const { stage } = visit;
    const isAsked = toldAt !== place && !visit.sheet && (stage.kind === 'cart' || stage.kind === 'checkout' || stage.kind === 'pay');
    toldAt = place;
    if (!isAsked && visit.cart === cart) return [];
    cart = visit.cart;
    const due = stage.kind === 'pay' ? stage.order.total : shopfront && moment && visit.cart.lines.length > 0 ? priceCart(shopfront.catalogue, visit.cart, moment).total : undefined;
    if (!due) return [];
    const price = formatMoney(due);
    if (!isAsked && price === toldPrice) return [];
    toldPrice = price;
    return beside.some((text) => text.includes(price)) ? [] : [voice().words.total(price)];
  }

  // ------------------------------------------------------------------ keys

  /** The page as it is at this moment: a key may come before it has settled. */
  function fresh(): Snapshot {
    if (!page) settle();
    const before = page;
    const after = takeSnapshot(document.body, look, store.getModel());
    if (!before || before.key !== after.key) {
      clearTimeout(settling);
      settling = undefined;
      page = after;
      tellScreen(before, after);
      return after;
    }
    page = { ...after, live: before.live };
    current = current && (findStop(after.stops, current) ?? after.stops[Math.min(Math.max(0, before.stops.indexOf(current)), after.stops.length - 1)]);
    return page;
  }

  function place(stop: Stop | undefined): void {
    current = stop;
    ring.put(stop?.element, stop?.kind !== 'field');
  }

  function goTo(stop: Stop): void {
    const from = current;
    place(stop);
    sayOf(stop, from);
  }

  function move(step: 1 | -1): void {
    const { stops } = fresh();
    const pad = current?.pad;
    const beside = current && pad && keyBeside(stops, current, step > 0 ? 'down' : 'up');
    // Out of a pad one goes past its end, whichever row one stands in.
    const keys = pad ? stops.flatMap((stop, index) => (stop.pad === pad ? [index] : [])) : [];
    const at = (step > 0 ? keys.at(-1) : keys[0]) ?? (current ? stops.indexOf(current) : -1);
    const next = beside ?? stops[at + step];
    if (next) return goTo(next);
    const edge = step > 0 ? voice().words.last : voice().words.first;
    const here = current ?? stops[0];
    if (!current) place(here);
    say(sentences([edge, here ? sayStop(here, voiceOf(here), here) : ''], languageNow()), true);
  }

  function sideways(step: 1 | -1): void {
    const snapshot = fresh();
    const { stops, main } = snapshot;
    const { words, language } = voice();
    if (current?.pad) {
      const key = keyBeside(stops, current, step > 0 ? 'right' : 'left');
      if (key) return goTo(key);
      return say(sentences([words.edge, current.name], language), true);
    }
    if (step < 0 && main && (!current || isTitle(snapshot, current))) return goTo(main);
    if (current?.kind === 'stepper') {
      const button = step > 0 ? current.more : current.less;
      if (button && !isDisabled(button)) return press(button);
      return say(sentences([current.value ?? '', step > 0 ? words.most : words.least], language), true);
    }
    if (current?.kind === 'radio' && chooseBeside(stops, current, step)) return;
    const next = jump(stops, current ? stops.indexOf(current) : 0, step);
    const target = next === undefined ? undefined : stops[next];
    if (target) goTo(target);
    else say(step > 0 ? words.last : words.first, true);
  }

  /** The next choice of the same group that can be chosen; at its end the reading stays. */
  function chooseBeside(stops: readonly Stop[], radio: Stop, step: 1 | -1): boolean {
    const group = radio.groups.at(-1)?.element;
    const all = stops.filter((stop) => stop.kind === 'radio' && stop.groups.at(-1)?.element === group && !stop.disabled);
    const next = all[all.indexOf(radio) + step];
    if (all.length < 2) return false;
    if (!next) {
      say(step > 0 ? voice().words.last : voice().words.first, true);
      return true;
    }
    place(next);
    current = { ...next, chosen: true };
    sayOf(current, radio);
    if (next.chosen !== true) (next.target as HTMLElement).click();
    return true;
  }

  function confirm(): void {
    fresh();
    const stop = current;
    if (!stop) return repeat();
    const isChosenAlready = stop.kind === 'radio' && stop.chosen === true;
    if (stop.disabled || stop.busy || isChosenAlready) return sayOf(stop, stop);
    if (stop.kind === 'field') {
      (stop.target as HTMLElement).focus({ preventScroll: true });
      (stop.target as HTMLElement).click();
      const mine = voiceOf(stop);
      say(sentences([sayStop(stop, mine, stop), mine.words.type], mine.language), true, mine.language);
      settleSoon();
      return;
    }
    if (!isActive(stop) || stop.kind === 'stepper') return sayOf(stop, stop);
    press(stop.target);
  }

  /** A click without a pointer is what assistive technology sends: react-aria takes it for a press. */
  function press(target: Element): void {
    speaker.hush();
    pressedUntil = window.performance.now() + pressMs;
    (target as HTMLElement).click();
    settleSoon();
    setTimeout(settleSoon, pressMs);
  }

  function repeat(): void {
    const again = lately;
    if (again.length === 0) return;
    for (const [index, { text, language }] of again.entries()) say(text, index === 0, language);
  }

  function help(): void {
    const before = store.getModel().visit?.sheet?.kind;
    if (before !== 'help') store.dispatch({ kind: 'help_opened' });
    if (before === 'help' || store.getModel().visit?.sheet?.kind !== 'help') say(voice().words.keys, true);
  }

  function tune(change: { readonly speed?: number; readonly volume?: number }): void {
    const speech = store.getModel().visit?.speech;
    if (!speech) return;
    store.dispatch({ kind: 'speech_tuned', change: { wordsPerMinute: speech.wordsPerMinute + (change.speed ?? 0), volume: speech.volume + (change.volume ?? 0) } });
    const { wordsPerMinute, volume } = store.getModel().visit?.speech ?? speech;
    const { words } = voice();
    say(change.speed === undefined ? words.volume(volume) : words.speed(wordsPerMinute), true);
  }

  const actions: Readonly<Record<Command, () => void>> = {
    up: () => move(-1), down: () => move(1), left: () => sideways(-1), right: () => sideways(1), ok: confirm, help, on: switchOn, off: switchOff,
    louder: () => tune({ volume: 1 }), softer: () => tune({ volume: -1 }), faster: () => tune({ speed: speedStep }), slower: () => tune({ speed: -speedStep }),
  };

  const forgetKeys = listenForKeys({
    window,
    keys: () => store.getModel().shopfront?.assistiveKeys,
    isOn: () => isOn,
    onCommand: (command) => actions[command](),
    onHold: repeat,
  });
  const forgetHeadphones = watchHeadphones(window.navigator.mediaDevices, switchOn, switchOff);
  const unsubscribe = store.subscribe(follow);
  follow();

  return {
    stop() {
      clearInterval(listening);
      unsubscribe();
      forgetHeadphones();
      forgetKeys();
      if (isOn) end();
    },
  };
}

function isTitle({ stops, titleAt }: Snapshot, stop: Stop): boolean {
  const title = stops[titleAt];
  return title !== undefined && title.element === stop.element && title.kind === stop.kind;
}

/** A message that lies over the page. */
function isOver(element: Element): boolean {
  return element.hasAttribute('data-react-aria-top-layer');
}

function isDisabled(element: Element): boolean {
  return element.hasAttribute('disabled') || element.getAttribute('aria-disabled') === 'true';
}
