/**
 * What can be measured on a screen of the page by itself: targets, texts, reach, focus, languages. Runs inside the page, so everything it
 * needs stands within it. Answers what is wrong, in words; nothing where all is well.
 */
export interface Limits {
  /** CSS pixels of a side, of main controls and of all others. */
  readonly leastMain: number;
  readonly leastOther: number;
  /** CSS pixels. */
  readonly leastText: number;
  /** No control begins above this share of the screen's height, from its upper edge. */
  readonly highest: number;
  /** Focus goes through every control and is looked for. */
  readonly focus: boolean;
}

export function measureScreen({ leastMain, leastOther, leastText, highest, focus }: Limits): readonly string[] {
  interface Box {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }
  const found: string[] = [];
  const nameOf = (element: Element) => `"${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replaceAll(/\s+/g, ' ').slice(0, 30)}" (${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''})`;
  const size = (box: Box) => `${Math.round(box.right - box.left)}×${Math.round(box.bottom - box.top)}`;
  const screen: Box = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const meet = (a: Box, b: Box): Box => ({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
  const isEmpty = (box: Box) => box.right - box.left < 1 || box.bottom - box.top < 1;
  const styles = new Map<Element, CSSStyleDeclaration>();
  const styleOf = (element: Element) => styles.get(element) ?? (styles.set(element, getComputedStyle(element)), styles.get(element)!);
  const clips = (value: string) => value === 'hidden' || value === 'clip';

  /** What is shown of an element between those that cut it: `whole` where nothing but the edge of something that scrolls does. */
  function shownOf(element: Element, box: Box, tolerance: number): { readonly box: Box; readonly whole: boolean; readonly scrolled: boolean; readonly by: Element | undefined } {
    let shown = box;
    let whole = true;
    let scrolled = false;
    let by: Element | undefined;
    for (let up = element.parentElement; up && up !== document.documentElement; up = up.parentElement) {
      if (styleOf(up).position === 'fixed' && up.parentElement === document.body) break;
      const { overflowX, overflowY } = styleOf(up);
      if (overflowX === 'visible' && overflowY === 'visible') continue;
      const edge = up.getBoundingClientRect();
      if (!scrolled) {
        const isCut = (clips(overflowX) && (shown.left < edge.left - 1.5 || shown.right > edge.right + 1.5)) || (clips(overflowY) && (shown.top < edge.top - tolerance || shown.bottom > edge.bottom + tolerance));
        if (isCut) [whole, by] = [false, up];
      }
      if (overflowY === 'auto' || overflowY === 'scroll' || overflowX === 'auto' || overflowX === 'scroll') scrolled = true;
      shown = meet(shown, edge);
    }
    if (!scrolled && (box.left < -1 || box.top < -tolerance - 1 || box.right > innerWidth + 1 || box.bottom > innerHeight + tolerance + 1)) whole = false;
    return { box: meet(shown, screen), whole, scrolled, by };
  }

  const isThere = (element: Element) => element.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true }) && !element.closest('[inert]');
  const modal = [...document.querySelectorAll('[role=dialog], [role=alertdialog]')].filter(isThere).at(-1);
  const inPlay = (element: Element) => isThere(element) && (modal === undefined || modal.contains(element));

  const channel = (value: number) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const coloursOf = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const lightOf = (colour: string) => {
    const [r = 0, g = 0, b = 0] = coloursOf(colour);
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  };
  const contrast = (a: string, b: string) => {
    const [light, dark] = [lightOf(a), lightOf(b)].toSorted((x, y) => y - x) as [number, number];
    return (light + 0.05) / (dark + 0.05);
  };
  /** The colour that something stands on; undefined where it is no single one. */
  const groundOf = (element: Element): string | undefined => {
    for (let up: Element | null = element; up; up = up.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(up);
      if (backgroundImage !== 'none') return undefined;
      const [, , , alpha = 1] = coloursOf(backgroundColor);
      if (alpha === 1) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };

  // Where the ground is a picture, or one colour running into another, nobody measures it here.
  const leastContrast = document.documentElement.dataset['contrast'] === 'high' ? 7 : 4.5;

  // Controls.
  const roles = 'button, a[href], input, textarea, [role=button], [role=link], [role=radio], [role=checkbox], [role=switch], [role=textbox], [role=option], [role=tab]';
  const controls = [...document.querySelectorAll<HTMLElement>(roles)].filter((element) => inPlay(element) && (element.matches('.more-below__button') || !element.closest('[aria-hidden=true]')));
  const isMain = (element: Element) => element.matches('.button--main, .action-bar__back, .tile, .choice, .toggle, .toggle-tile, .key--digit');
  const boxes = new Map<Element, Box>();
  for (const control of controls) {
    const box = control.getBoundingClientRect();
    const least = isMain(control) ? leastMain : leastOther;
    if (box.width < least - 0.1 || box.height < least - 0.1) found.push(`small target ${size(box)}, not ${least}: ${nameOf(control)}`);
    const { box: shown, whole, scrolled } = shownOf(control, box, 1);
    if (!whole) found.push(`control cut off ${size(box)} at ${Math.round(box.left)},${Math.round(box.top)}: ${nameOf(control)}`);
    if (isEmpty(shown)) continue;
    boxes.set(control, shown);
    if (shown.top < highest * innerHeight - 1) found.push(`above the reach at ${Math.round(shown.top)}: ${nameOf(control)}`);
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    for (const [atX, atY] of [[x, y], [box.left + 3, y], [box.right - 3, y], [x, box.top + 3], [x, box.bottom - 3]] as const) {
      if (atX < shown.left || atX > shown.right || atY < shown.top || atY > shown.bottom) continue;
      const hit = document.elementFromPoint(atX, atY);
      if (!hit || (hit !== control && !control.contains(hit))) {
        // What scrolls under a bar that lies over it comes out again.
        if (scrolled && (atX !== x || atY !== y)) continue;
        found.push(`covered at ${Math.round(atX)},${Math.round(atY)} by ${hit ? nameOf(hit) : 'nothing'}: ${nameOf(control)}`);
        break;
      }
    }
  }
  const placed = [...boxes];
  for (const [index, [one, a]] of placed.entries()) {
    for (const [other, b] of placed.slice(index + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      const both = meet(a, b);
      // A button that lies wholly on a card belongs to it: a finger that misses the button opens the card.
      const isOnCard = one.matches('.tile') && b.left >= a.left && b.top >= a.top && b.right <= a.right && b.bottom <= a.bottom;
      if (!isOnCard && both.right - both.left > 1 && both.bottom - both.top > 1) found.push(`targets overlap: ${nameOf(one)} and ${nameOf(other)}`);
    }
  }

  // Texts.
  const lines: { readonly element: Element; readonly box: Box; readonly text: string }[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    const text = node.textContent?.trim() ?? '';
    if (!element || text === '' || element.closest('script, style, .unseen, .picture, svg') || !inPlay(element)) continue;
    const language = element.closest('[lang]')?.getAttribute('lang') ?? '';
    if (!element.closest('[aria-hidden=true]')) {
      if (/\p{Script=Han}/u.test(text) && !language.startsWith('zh')) found.push(`Chinese said to be "${language}": ${text.slice(0, 30)}`);
      if (/[a-z]{2,} [a-z]{2,}/i.test(text) && !/\p{Script=Han}/u.test(text) && !language.startsWith('en')) found.push(`English said to be "${language}": ${text.slice(0, 30)}`);
    }
    const font = Number.parseFloat(styleOf(element).fontSize);
    if (font < leastText - 0.1) found.push(`text of ${font.toFixed(1)} px, not ${leastText.toFixed(1)}: ${text.slice(0, 30)} ${nameOf(element)}`);
    const { color } = styleOf(element);
    const ground = groundOf(element);
    const [, , , alpha = 1] = coloursOf(color);
    if (ground !== undefined && alpha === 1 && !element.closest(':disabled, [aria-disabled=true]') && contrast(color, ground) < leastContrast) {
      found.push(`${color} on ${ground} is ${contrast(color, ground).toFixed(2)}, not ${leastContrast}: ${text.slice(0, 30)} ${nameOf(element)}`);
    }
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      if (rect.width < 2) continue;
      const { box, whole, by } = shownOf(element, rect, font * 0.3);
      if (!whole) {
        found.push(`text cut off${by ? ` by ${by.getAttribute('class') ?? by.tagName}` : ''}: ${text.slice(0, 40)} ${nameOf(element)}`);
        break;
      }
      const control = element.closest(roles);
      if (control) {
        const edge = control.getBoundingClientRect();
        if (rect.left < edge.left - 1 || rect.right > edge.right + 1 || rect.top < edge.top - font * 0.3 || rect.bottom > edge.bottom + font * 0.3) {
          found.push(`text runs out of its control: ${text.slice(0, 40)} ${nameOf(control)}`);
          break;
        }
      }
      if (isEmpty(box)) continue;
      const third = (box.bottom - box.top) / 4;
      lines.push({ element, box: { ...box, top: box.top + third, bottom: box.bottom - third }, text });
    }
  }
  for (const [index, one] of lines.entries()) {
    for (const other of lines.slice(index + 1)) {
      const both = meet(one.box, other.box);
      // The sign of the currency is drawn in to its digits.
      const money = one.element.closest('.money');
      if (money !== null && money.contains(other.element)) continue;
      if (both.right - both.left > 2 && both.bottom - both.top > 2) {
        const upper = document.elementFromPoint((both.left + both.right) / 2, (both.top + both.bottom) / 2);
        found.push(`texts over one another: ${one.text.slice(0, 24)} ${nameOf(one.element)} and ${other.text.slice(0, 24)} ${nameOf(other.element)}, seen: ${upper ? nameOf(upper) : ''}`);
      }
    }
  }
  for (const { element } of lines) {
    for (let up: Element | null = element; up && up !== document.body; up = up.parentElement) {
      const { overflowX, textOverflow } = styleOf(up);
      if (textOverflow === 'ellipsis' && up.scrollWidth > up.clientWidth + 1) found.push(`text shortened: ${nameOf(up)}`);
      if ((overflowX === 'auto' || overflowX === 'scroll') && up.scrollWidth > up.clientWidth + 2) found.push(`must be pushed sideways: ${nameOf(up)}`);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth + 1 || document.documentElement.scrollHeight > innerHeight + 1) found.push('the page itself is larger than the screen');

  // Order and focus.
  const stops = controls.filter((control) => !control.matches(':disabled') && control.tabIndex >= 0 && boxes.has(control));
  for (const [index, control] of stops.entries()) {
    const next = stops[index + 1];
    if (control.tabIndex > 0) found.push(`an order of its own: ${nameOf(control)}`);
    if (!next) continue;
    const [a, b] = [boxes.get(control)!, boxes.get(next)!];
    if (b.bottom <= a.top + 1 && b.left < a.right && b.right > a.left) found.push(`focus jumps up from ${nameOf(control)} to ${nameOf(next)}`);
  }
  if (focus) {
    const before = document.activeElement;
    for (const control of stops) {
      control.focus({ preventScroll: true });
      if (document.activeElement !== control) {
        if (control.getAttribute('role') !== 'radio') found.push(`does not take the focus: ${nameOf(control)}`);
        continue;
      }
      // A field's ring stands around the box that it is in.
      const rings = [control, control.parentElement!, control.parentElement!.parentElement!].map((element) => ({ element, style: getComputedStyle(element) }));
      const ring = control.matches(':focus-visible') ? rings.find(({ style }) => style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2) : undefined;
      if (!ring) {
        found.push(`focus is not seen: ${nameOf(control)}`);
        continue;
      }
      const ground = groundOf(ring.element.parentElement ?? ring.element);
      if (ground !== undefined && contrast(ring.style.outlineColor, ground) < 3) found.push(`focus is hardly seen (${ring.style.outlineColor} on ${ground}): ${nameOf(control)}`);
    }
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  }
  const moving = document.getAnimations().filter((animation) => animation.playState === 'running' && animation.timeline instanceof DocumentTimeline);
  if (moving.length > 0) found.push(`something moves: ${moving.map((animation) => ('animationName' in animation ? String(animation.animationName) : 'a transition')).join(', ')}`);
  return [...new Set(found)];
}
