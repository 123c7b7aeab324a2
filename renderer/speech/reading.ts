import type { Language } from '../../domain/language.ts';
import type { Look } from './accessible.ts';
import { descriptionOf, isElement, isLeftOut, languageTagOf, nameOf, roleOf, textOf, tidy } from './accessible.ts';
import type { Stop, StopKind } from './stop.ts';

const kinds: Readonly<Record<string, StopKind>> = {
  button: 'button', link: 'link', checkbox: 'checkbox', switch: 'toggle', radio: 'radio', menuitemradio: 'radio', tab: 'tab', option: 'option', menuitem: 'button', textbox: 'field', searchbox: 'field', spinbutton: 'field', combobox: 'field',
};
const sections = new Set(['navigation', 'main', 'banner', 'contentinfo', 'list', 'group', 'radiogroup', 'region', 'complementary', 'toolbar', 'tablist', 'listbox', 'grid', 'form', 'search', 'dialog', 'alertdialog']);
/** Each is one thing to read where nothing in it can be pressed. */
const units = new Set(['p', 'li', 'td', 'th', 'figcaption', 'legend', 'output', 'time', 'address', 'caption', 'blockquote', 'label']);
/** Parts of a screen that belong together (a name and its price) are one stop up to so many characters. */
const shortText = 80;
const digitsMark = 'data-spoken';
/** A group with so many buttons that show one sign each is a pad of keys. */
const keysOfAPad = 10;

/** What the customer is in now: the topmost dialog, or the whole page. */
export function worldOf(root: Element, look: Look): Element {
  let world = root;
  walkElements(root, look, (element) => {
    const role = roleOf(element);
    if ((role === 'dialog' && (element.localName !== 'dialog' || element.hasAttribute('open'))) || role === 'alertdialog') world = element;
  });
  return world;
}

export function isDialog(element: Element): boolean {
  const role = roleOf(element);
  return role === 'dialog' || role === 'alertdialog';
}

/** Everything that a reading can stop at, in the order of the page. Where an element has no name it is no stop, unless it can be pressed. */
export function stopsOf(world: Element, look: Look): readonly Stop[] {
  const stops: Stop[] = [];
  let section = 0;
  let pad: Element | undefined;
  const groups: { readonly element: Element; readonly name: string }[] = [];

  function add(kind: StopKind, element: Element, more: Partial<Stop> = {}): void {
    if (kind === 'heading') section += 1;
    stops.push({
      kind, element, target: element, name: '', description: '', value: undefined, isSecret: false, chosen: undefined, expanded: undefined, current: false, disabled: false, busy: false, invalid: false,
      position: undefined, groups: [...groups], section, pad, language: languageOf(element), less: undefined, more: undefined, ...more,
    });
  }

  function visit(element: Element): void {
    if (element !== world && isLeftOut(element, look)) return;
    const role = roleOf(element);
    const kind = kinds[role];
    if (kind) return add(kind, ringOf(element), controlOf(kind, element));
    if (role === 'heading') return addText('heading', element, nameOf(element, look));
    if (role === 'img') return addText('picture', element, nameOf(element, look));
    // The label of a field is its name, and is heard with it.
    if (element.localName === 'label' && (element.hasAttribute('for') || holdsStops(element))) return controlsIn(element);
    if (element !== world && !holdsStops(element)) {
      if (isUnit(element) || isSum(element, role)) return addText('text', element, labelled(element, role));
    }
    const stepper = role === 'group' ? stepperOf(element) : undefined;
    if (stepper) return add('stepper', element, stepper);
    const isSection = sections.has(role) && element !== world;
    const name = isSection && role !== 'list' ? nameOf(element, look) : '';
    if (isSection) section += 1;
    if (name !== '') groups.push({ element, name });
    const around = pad;
    if (role === 'group' && name !== '' && isPad(element)) pad = element;
    children(element);
    pad = around;
    if (name !== '') groups.pop();
    if (isSection) section += 1;
  }

  function controlsIn(label: Element): void {
    walkElements(label, look, (inner) => {
      const kind = kinds[roleOf(inner)];
      if (kind && inner !== label) add(kind, ringOf(inner), controlOf(kind, inner));
    });
  }

  /** Text that stands beside elements is a stop of its own. */
  function children(element: Element): void {
    let run = '';
    const flush = (): void => {
      if (tidy(run) !== '') addText('text', element, tidy(run));
      run = '';
    };
    for (const node of element.childNodes) {
      if (node.nodeType === 3) run += (node as Text).data;
      if (!isElement(node) || isMessage(node, roleOf(node))) continue;
      if (!isLeftOut(node, look) && look.isInline(node) && !holdsStops(node) && kinds[roleOf(node)] === undefined && roleOf(node) !== 'img') {
        if (node.localName !== 'label' || !node.hasAttribute('for')) run += ` ${spokenText(node)} `;
        continue;
      }
      flush();
      visit(node);
    }
    flush();
  }

  function addText(kind: StopKind, element: Element, name: string): void {
    if (/[\p{L}\p{N}]/u.test(name)) add(kind, element, { name });
  }

  /** Whether something in it is a stop of its own. */
  function holdsStops(element: Element): boolean {
    let found = false;
    walkElements(element, look, (inner) => {
      const role = roleOf(inner);
      if (inner !== element && (kinds[role] !== undefined || role === 'heading' || (role === 'img' && nameOf(inner, look) !== ''))) found = true;
    });
    return found;
  }

  function isUnit(element: Element): boolean {
    if (units.has(element.localName)) return true;
    let holdsUnits = 0;
    walkElements(element, look, (inner) => {
      if (inner !== element && (units.has(inner.localName) || sections.has(roleOf(inner)))) holdsUnits += 1;
    });
    return holdsUnits <= 1 && spokenText(element).length <= shortText;
  }

  /** A region of a few words, such as a total: its name and its text are one thing. */
  function isSum(element: Element, role: string): boolean {
    let holdsLists = false;
    if (role !== 'region' && role !== 'group') return false;
    walkElements(element, look, (inner) => (holdsLists ||= roleOf(inner) === 'list' || inner.localName === 'dl'));
    return !holdsLists && spokenText(element).length <= shortText;
  }

  function labelled(element: Element, role: string): string {
    const text = spokenText(element);
    const name = role === 'region' || role === 'group' ? nameOf(element, look) : '';
    return name === '' || text.startsWith(name) ? text : `${name} ${text}`;
  }

  function isPad(element: Element): boolean {
    let keys = 0;
    walkElements(element, look, (inner) => {
      if (roleOf(inner) === 'button' && [...tidy(inner.textContent ?? '')].length === 1) keys += 1;
    });
    return keys >= keysOfAPad;
  }

  function spokenText(element: Element): string {
    const text = textOf(element, look);
    return element.getAttribute(digitsMark) === 'digits' ? byDigit(text) : text;
  }

  function controlOf(kind: StopKind, element: Element): Partial<Stop> {
    const pressed = element.getAttribute('aria-pressed');
    const input = element as HTMLInputElement;
    const isNative = element.localName === 'input';
    const checked = isNative && (kind === 'checkbox' || kind === 'radio') ? input.checked : chosenBy(element.getAttribute(kind === 'tab' || kind === 'option' ? 'aria-selected' : 'aria-checked'));
    const expanded = element.getAttribute('aria-expanded');
    const current = element.getAttribute('aria-current');
    return {
      kind: pressed === null ? kind : 'toggle',
      target: element,
      name: nameOf(element, look),
      description: descriptionOf(element, look),
      ...(kind === 'field' ? fieldOf(element) : {}),
      chosen: pressed === null ? checked : pressed === 'true',
      expanded: expanded === null ? undefined : expanded === 'true',
      current: current !== null && current !== 'false',
      disabled: element.hasAttribute('disabled') || element.getAttribute('aria-disabled') === 'true',
      busy: element.getAttribute('aria-busy') === 'true',
      invalid: element.getAttribute('aria-invalid') === 'true',
      position: positionOf(kind, element),
    };
  }

  function positionOf(kind: StopKind, element: Element): Stop['position'] {
    const item = listItemOf(element);
    const carrier = element.hasAttribute('aria-posinset') ? element : item;
    const [at, of] = [Number(carrier?.getAttribute('aria-posinset')), Number(carrier?.getAttribute('aria-setsize'))];
    if (carrier && at > 0 && of > 0) return firstIn(carrier, element) ? { at, of } : undefined;
    if (kind === 'radio' || kind === 'tab' || kind === 'option') {
      const group = groupOf(element, kind === 'radio' ? ['radiogroup', 'group'] : ['tablist', 'listbox']);
      const all: Element[] = [];
      if (group) walkElements(group, look, (inner) => kinds[roleOf(inner)] === kind && all.push(inner));
      return all.length > 1 ? { at: all.indexOf(element) + 1, of: all.length } : undefined;
    }
    if (!item || !firstIn(item, element)) return undefined;
    const all = [...(item.parentElement?.childNodes ?? [])].filter(isElement).filter((sibling) => roleOf(sibling) === 'listitem' && !isLeftOut(sibling, look));
    return all.length > 1 ? { at: all.indexOf(item) + 1, of: all.length } : undefined;
  }

  function listItemOf(element: Element): Element | undefined {
    for (let at: Element | null = element; at && at !== world; at = at.parentElement) if (roleOf(at) === 'listitem') return at;
    return undefined;
  }

  /** An entry of a list says its place once, by the first thing in it that can be pressed. */
  function firstIn(item: Element, element: Element): boolean {
    let first: Element | undefined;
    walkElements(item, look, (inner) => {
      if (kinds[roleOf(inner)] !== undefined) first ??= inner;
    });
    return first === element;
  }

  function groupOf(element: Element, roles: readonly string[]): Element | undefined {
    for (let at = element.parentElement; at && at !== world.parentElement; at = at.parentElement) if (roles.includes(roleOf(at))) return at;
    return undefined;
  }

  /** A number between two buttons: one thing that left and right change. */
  function stepperOf(group: Element): Partial<Stop> | undefined {
    const buttons: Element[] = [];
    const others: Element[] = [];
    const values: Element[] = [];
    walkElements(group, look, (inner) => {
      const role = roleOf(inner);
      if (role === 'button') buttons.push(inner);
      else if (role === 'status' || role === 'textbox' || role === 'spinbutton') values.push(inner);
      else if (kinds[role] !== undefined || role === 'heading') others.push(inner);
    });
    const [less, more] = buttons;
    const [value] = values;
    if (!less || !more || !value || buttons.length !== 2 || values.length !== 1 || others.length > 0) return undefined;
    const text = value.localName === 'input' ? (value as HTMLInputElement).value : textOf(value, look);
    return { name: nameOf(group, look), value: text, less, more };
  }

  visit(world);
  return stops;
}

/** A message that lies over the whole page, whatever is open: it is heard when it comes, and is no place to stand at. */
function isMessage(element: Element, role: string): boolean {
  return element.hasAttribute('data-react-aria-top-layer') && (role === 'status' || role === 'alert');
}

/** A sign that stands alone is read alone: "1 3 9". */
export function byDigit(text: string): string {
  return [...text.replace(/\s+/g, '')].join(' ');
}

function fieldOf(element: Element): Partial<Stop> {
  const input = element as HTMLInputElement;
  const isInput = element.localName === 'input' || element.localName === 'textarea';
  const type = element.getAttribute('type') ?? 'text';
  if (type === 'password') return { value: String([...(input.value ?? '')].length), isSecret: true };
  const option = element.localName === 'select' ? (element as unknown as HTMLSelectElement).selectedOptions[0]?.textContent : undefined;
  const value = isInput ? (input.value ?? '') : tidy(option ?? element.textContent ?? '');
  // Numbers that are typed are called out: telephone, card, postcode. What counts something has another role.
  const isNumber = type === 'tel' || element.getAttribute(digitsMark) === 'digits' || (roleOf(element) !== 'spinbutton' && /^[\d +-]+$/.test(value));
  return { value: isNumber ? byDigit(value) : value };
}

function chosenBy(state: string | null): boolean | undefined {
  return state === null ? undefined : state === 'true' || state === 'mixed';
}

/** A radio or a tick is small or hidden inside its label, which is what one sees. */
function ringOf(element: Element): Element {
  return element.localName === 'input' && element.parentElement ? (labelAround(element) ?? element) : element;
}

function labelAround(element: Element): Element | undefined {
  for (let at = element.parentElement; at; at = at.parentElement) if (at.localName === 'label') return at;
  return undefined;
}

function languageOf(element: Element): Language | undefined {
  const tag = languageTagOf(element);
  return tag.startsWith('zh') ? 'zh' : tag.startsWith('en') ? 'en' : undefined;
}

/** It and everything in it that is read, in order. */
export function walkElements(element: Element, look: Look, found: (element: Element) => void): void {
  found(element);
  for (const node of element.childNodes) if (isElement(node) && !isLeftOut(node, look)) walkElements(node, look, found);
}
