/** What the reading asks of the page's styles: the rest stands in the elements. */
export interface Look {
  /** Neither it nor what it stands in is hidden by a style. */
  isShown(element: Element): boolean;
  /** Its text runs on with the text around it. */
  isInline(element: Element): boolean;
}

export const isElement = (node: Node): node is Element => node.nodeType === 1;
const isText = (node: Node): boolean => node.nodeType === 3;

/** Itself out of the reading; what it stands in is not looked at. */
export function isLeftOut(element: Element, look: Look): boolean {
  const name = element.localName;
  if (name === 'script' || name === 'style' || name === 'template' || name === 'noscript') return true;
  if (element.getAttribute('aria-hidden') === 'true' || element.hasAttribute('inert') || element.hasAttribute('hidden')) return true;
  return !look.isShown(element);
}

const nativeRoles: Readonly<Record<string, string>> = {
  button: 'button', summary: 'button', h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', h5: 'heading', h6: 'heading', textarea: 'textbox', nav: 'navigation', main: 'main', header: 'banner',
  footer: 'contentinfo', ul: 'list', ol: 'list', li: 'listitem', fieldset: 'group', output: 'status', img: 'img', select: 'combobox', dialog: 'dialog', form: 'form', section: 'region', aside: 'complementary',
};
const inputRoles: Readonly<Record<string, string>> = { button: 'button', submit: 'button', reset: 'button', checkbox: 'checkbox', radio: 'radio', range: 'slider', hidden: '', image: 'button', number: 'spinbutton', search: 'searchbox' };

/** Its role: its own word, or what its element means (HTML-AAM). Empty for none. */
export function roleOf(element: Element): string {
  const own = (element.getAttribute('role') ?? '').trim().split(/\s+/)[0];
  if (own === 'none' || own === 'presentation') return '';
  if (own) return own;
  if (element.localName === 'input') return inputRoles[element.getAttribute('type') ?? 'text'] ?? 'textbox';
  if (element.localName === 'a') return element.hasAttribute('href') ? 'link' : '';
  return nativeRoles[element.localName] ?? '';
}

/** Roles whose name may come from what they hold (Accessible Name 1.2, 5.2.8.2). */
const namedByContent = new Set(['button', 'link', 'heading', 'checkbox', 'radio', 'switch', 'tab', 'option', 'menuitem', 'listitem', 'cell', 'gridcell', 'row', 'tooltip', 'status', 'alert']);

/**
 * The accessible name (Accessible Name and Description Computation 1.2), as far as this house's pages need it: labelledby, label, the element's own means,
 * its content, title. Content that the page makes by CSS is not looked at: nothing is said by it here.
 */
export function nameOf(element: Element, look: Look): string {
  const byOthers = referred(element, 'aria-labelledby', look);
  if (byOthers !== '') return byOthers;
  const label = tidy(element.getAttribute('aria-label') ?? '');
  if (label !== '') return label;
  const native = nativeName(element, look);
  if (native !== '') return native;
  if (namedByContent.has(roleOf(element))) {
    const content = textOf(element, look);
    if (content !== '') return content;
  }
  return tidy(element.getAttribute('title') ?? element.getAttribute('placeholder') ?? '');
}

export function descriptionOf(element: Element, look: Look): string {
  return referred(element, 'aria-describedby', look) || tidy(element.getAttribute('aria-description') ?? '');
}

function referred(element: Element, attribute: string, look: Look): string {
  const ids = (element.getAttribute(attribute) ?? '').split(/\s+/).filter((id) => id !== '');
  // What is referred to is read even where it is hidden (5.2.1).
  const texts = ids.map((id) => element.ownerDocument.getElementById(id)).map((found) => found && (tidy(found.getAttribute('aria-label') ?? '') || textOf(found, look, true)));
  return tidy(texts.filter((text) => text).join(' '));
}

function nativeName(element: Element, look: Look): string {
  const name = element.localName;
  if (name === 'img') return tidy(element.getAttribute('alt') ?? '');
  if (name === 'svg') return tidy([...element.childNodes].filter(isElement).find((child) => child.localName === 'title')?.textContent ?? '');
  if (name === 'fieldset') {
    const legend = [...element.childNodes].filter(isElement).find((child) => child.localName === 'legend');
    return legend ? textOf(legend, look) : '';
  }
  if (name === 'input' || name === 'textarea' || name === 'select' || name === 'output') {
    const labels = [...((element as HTMLInputElement).labels ?? [])];
    return tidy(labels.map((label) => textOf(label, look)).join(' '));
  }
  return '';
}

/**
 * The text of an element as it is read: images by their names, hidden parts left out, a comma where the page puts one part beside or below another.
 * `isReferred`: it was asked for by its id, so that it counts though it is hidden.
 */
export function textOf(element: Element, look: Look, isReferred = false): string {
  const pieces: string[] = [];
  const walk = (parent: Element): void => {
    for (const node of parent.childNodes) {
      if (isText(node)) pieces.push((node as Text).data);
      if (!isElement(node) || (!isReferred && isLeftOut(node, look)) || (isReferred && node.getAttribute('aria-hidden') === 'true')) continue;
      const role = roleOf(node);
      const label = tidy(node.getAttribute('aria-label') ?? '');
      const isInline = look.isInline(node);
      if (!isInline) pieces.push(border);
      if (node.localName === 'br') pieces.push(border);
      else if (label !== '' && role !== '') pieces.push(label);
      else if (role === 'img' || node.localName === 'svg') pieces.push(nativeName(node, look));
      else if (node.localName !== 'input' && node.localName !== 'select' && node.localName !== 'textarea') walk(node);
      if (!isInline) pieces.push(border);
    }
  };
  walk(element);
  return joined(pieces.join(''), languageTagOf(element).startsWith('en') ? ', ' : '，');
}

/** Never a character of a text. */
const border = '\u0000';

/** Parts that end with a sign of their own need no comma behind it. */
function joined(text: string, comma: string): string {
  const parts = text.split(border).map(tidy).filter((part) => part !== '');
  return parts.reduce((whole, part) => (whole === '' ? part : /[\p{P}]$/u.test(whole) || /^[，。、：；！？,.:;!?)）]/u.test(part) ? `${whole} ${part}` : whole + comma + part), '').trim();
}

/** The nearest `lang`, around it or on it; empty for none. */
export function languageTagOf(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const tag = at.getAttribute('lang');
    if (tag) return tag;
  }
  return '';
}

export function tidy(text: string): string {
  return text.replace(/[\s\u00a0]+/g, ' ').trim();
}
