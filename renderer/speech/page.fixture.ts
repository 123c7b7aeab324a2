import type { Look } from './accessible.ts';

/** The little of a DOM that a reading needs, made from markup as React writes it: quoted attributes, every element closed. `style="inline"` and `style="hidden"` stand for the style sheet. */
export interface FakeElement {
  readonly nodeType: 1;
  readonly localName: string;
  readonly childNodes: (FakeElement | FakeText)[];
  parentElement: FakeElement | null;
  ownerDocument: FakeDocument;
  readonly attributes: Map<string, string>;
  readonly textContent: string;
  value: string;
  checked: boolean;
  clicks: number;
  onClick: (() => void) | undefined;
  readonly labels: FakeElement[];
}

interface FakeText {
  readonly nodeType: 3;
  data: string;
}

export interface FakeDocument {
  body: FakeElement;
  activeElement: FakeElement | null;
  getElementById(id: string): FakeElement | null;
}

const empty = new Set(['input', 'img', 'br', 'hr']);
const inline = new Set(['span', 'b', 'strong', 'em', 'small', 'time', 'a', 'button', 'input', 'output', 'label', 'svg', 'img']);

export function createPage(markup: string): { readonly document: Document; readonly body: Element; readonly fake: FakeDocument; render(markup: string): void; find(text: string): FakeElement } {
  const fake: FakeDocument = {
    body: undefined as never,
    activeElement: null,
    getElementById: (id) => all(fake.body).find((element) => element.attributes.get('id') === id) ?? null,
  };
  fake.body = createElement('body', new Map(), fake);
  const render = (next: string) => {
    fake.body.childNodes.splice(0);
    parseInto(fake.body, next, fake);
  };
  render(markup);
  return {
    document: fake as unknown as Document,
    body: fake.body as unknown as Element,
    fake,
    render,
    /** The innermost element with this text, or this label. */
    find(text) {
      const found = all(fake.body).findLast((element) => element.attributes.get('aria-label') === text || element.textContent.trim() === text);
      if (!found) throw new Error(`nothing says "${text}"`);
      return found;
    },
  };
}

export const look: Look = {
  isShown: (element) => element.getAttribute('style') !== 'hidden',
  isInline: (element) => (element.getAttribute('style') === 'inline' || inline.has(element.localName)) && element.getAttribute('style') !== 'block',
};

function createElement(localName: string, attributes: Map<string, string>, document: FakeDocument): FakeElement {
  const element = {
    nodeType: 1 as const, localName, attributes, childNodes: [] as FakeElement['childNodes'], parentElement: null as FakeElement | null, ownerDocument: document, clicks: 0, onClick: undefined as (() => void) | undefined,
    value: attributes.get('value') ?? '', checked: attributes.has('checked'),
    getAttribute: (name: string) => attributes.get(name) ?? null,
    hasAttribute: (name: string) => attributes.has(name),
    setAttribute: (name: string, value: string) => void attributes.set(name, value),
    removeAttribute: (name: string) => void attributes.delete(name),
    get textContent(): string {
      return this.childNodes.map((node) => (node.nodeType === 3 ? node.data : node.textContent)).join('');
    },
    get labels(): FakeElement[] {
      const id = attributes.get('id');
      return all(document.body).filter((candidate) => candidate.localName === 'label' && ((id !== undefined && candidate.attributes.get('for') === id) || all(candidate).includes(element as never)));
    },
    contains: (other: unknown): boolean => all(element as never).includes(other as never),
    scrollIntoView() {},
    focus() {
      if (attributes.has('tabindex') || localName === 'button' || localName === 'input') document.activeElement = element as never;
    },
    click() {
      element.clicks += 1;
      element.onClick?.();
    },
  };
  return element as unknown as FakeElement;
}

function parseInto(root: FakeElement, markup: string, document: FakeDocument): void {
  let at = root;
  for (const [, tag, closing, name, attributes, text] of markup.matchAll(/(<(\/?)([a-z0-9]+)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>)|([^<]+)/gi)) {
    if (text !== undefined) at.childNodes.push({ nodeType: 3, data: text });
    else if (closing === '/') at = at.parentElement ?? root;
    else if (tag !== undefined && name !== undefined) {
      const pairs = [...(attributes ?? '').matchAll(/([a-z-]+)(?:="([^"]*)")?/gi)].map(([, key = '', value = '']) => [key, value] as const);
      const element = createElement(name, new Map(pairs), document);
      element.parentElement = at;
      at.childNodes.push(element);
      if (!empty.has(name)) at = element;
    }
  }
}

function all(element: FakeElement): FakeElement[] {
  return [element, ...element.childNodes.flatMap((node) => (node.nodeType === 1 ? all(node) : []))];
}
