import { contrastOf, LEAST_CONTRAST } from './contrast.ts';
import { loadNoticeFont } from './load-notice-font.ts';
import { isBefore, type NoticePosition, positionNamed } from './position.ts';
import { NOTICE_STYLE } from './style.ts';
import { isNoticeText, NOTICE_TEXT_RULE, type NoticePart, noticeParts, PART_SEPARATOR } from './words.ts';

/** Where there is no document, the module can be loaded all the same, to write HTML on a server. */
const Base: typeof HTMLElement = typeof HTMLElement === 'undefined' ? (class {} as unknown as typeof HTMLElement) : HTMLElement;

/**
 * `<aigc-notice>`: content that was generated, with a notice that is seen and read as long as the content is (Measures Art. 4(5), GB 45438-2025 §5.6).
 *
 * Attributes: `text`, words with both elements instead of the default ones; `position`, `above` by default; `lang`, else that of an ancestor, which chooses the default
 * words; `theme`, `light` or `dark` instead of the reader's choice. Words or positions that do not do are told on the console, and the default is shown.
 */
export class AigcNotice extends Base {
  static readonly observedAttributes: readonly string[] = ['text', 'position', 'lang', 'theme'];

  readonly #onLanguage = (): void => {
    this.#render();
  };
  readonly #onScheme = (): void => {
    const note = this.shadowRoot?.querySelector<HTMLElement>('.notice');
    if (note) {
      this.#color(note);
    }
  };
  /** What the console was told, so that it is told once. */
  readonly #told = new Set<string>();
  #language: MutationObserver | undefined;
  #scheme: MediaQueryList | undefined;

  /** The words that were asked for; `null` where the default ones are. */
  get text(): string | null {
    return this.getAttribute('text');
  }

  /** @throws TypeError for words without both elements: a notice cannot be emptied. */
  set text(text: string | null) {
    if (text !== null && !isNoticeText(text)) {
      throw new TypeError(NOTICE_TEXT_RULE);
    }
    setOrDrop(this, 'text', text);
  }

  /** Where the notice stands. */
  get position(): NoticePosition {
    return positionNamed(this.getAttribute('position')) ?? 'above';
  }

  /** @throws TypeError for a position that does not exist. */
  set position(position: NoticePosition) {
    if (positionNamed(position) === undefined) {
      throw new TypeError(`no position of a notice: ${position}`);
    }
    this.setAttribute('position', position);
  }

  connectedCallback(): void {
    this.#scheme = matchMedia('(prefers-color-scheme: dark)');
    this.#scheme.addEventListener('change', this.#onScheme);
    this.#language = new MutationObserver(this.#onLanguage);
    this.#language.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] });
    loadNoticeFont();
    this.#render();
  }

  disconnectedCallback(): void {
    this.#scheme?.removeEventListener('change', this.#onScheme);
    this.#language?.disconnect();
    this.#language = undefined;
  }

  attributeChangedCallback(): void {
    // Attributes of parsed HTML come before the element is connected, too.
    if (this.#language !== undefined) {
      this.#render();
    }
  }

  #render(): void {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    const position = this.position;
    const note = document.createElement('div');
    note.className = `notice ${position}`;
    note.setAttribute('role', 'note');
    note.append(...nodesOf(this.#parts()));
    const content = document.createElement('div');
    content.append(document.createElement('slot'));
    const stage = document.createElement('div');
    stage.className = layoutOf(position);
    const layer = document.createElement('div');
    layer.className = 'layer';
    layer.append(note);
    stage.append(...(isBefore(position) ? [layer, content] : [content, layer]));
    root.replaceChildren(...adopt(root), stage);
    this.#color(note);
  }

  #tell(message: string): void {
    if (!this.#told.has(message)) {
      this.#told.add(message);
      console.error(message);
    }
  }

  #parts(): readonly NoticePart[] {
    const lang = (this.closest('[lang]')?.getAttribute('lang') ?? '') || navigator.language;
    const text = this.text;
    if (text !== null && !isNoticeText(text)) {
      this.#tell(`<aigc-notice text="${text}">: ${NOTICE_TEXT_RULE}; the default words are shown.`);
      return noticeParts(undefined, lang);
    }
    if (this.hasAttribute('position') && positionNamed(this.getAttribute('position')) === undefined) {
      this.#tell(`<aigc-notice position="${this.getAttribute('position')}">: no such position; it stands above.`);
    }
    return noticeParts(text ?? undefined, lang);
  }

  /** Colours of the page's own are taken where they can be read. */
  #color(note: HTMLElement): void {
    const given = ['--aigc-notice-color', '--aigc-notice-background'].map((name) => getComputedStyle(this).getPropertyValue(name).trim());
    if (given.every((value) => value === '')) {
      note.classList.remove('own-colors');
      return;
    }
    note.classList.add('own-colors');
    const { color, backgroundColor } = getComputedStyle(note);
    const contrast = given.includes('') ? undefined : contrastOf(color, backgroundColor);
    if (contrast === undefined || contrast < LEAST_CONTRAST) {
      note.classList.remove('own-colors');
      const found = contrast === undefined ? 'both are needed, opaque and in sRGB' : `their contrast is ${contrast.toFixed(2)} : 1`;
      this.#tell(`<aigc-notice>: its colours are not used: ${found}, at least ${LEAST_CONTRAST} : 1 is needed (WCAG 2.2, 1.4.3).`);
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'aigc-notice': AigcNotice;
  }
}

/** How the content and the notice share their place. */
export const layoutOf = (position: NoticePosition): 'line' | 'corner' | 'page' =>
  position === 'above' || position === 'below' ? 'line' : position.startsWith('page') ? 'page' : 'corner';

const nodesOf = (parts: readonly NoticePart[]): readonly (Node | string)[] =>
  parts.flatMap(({ text, lang }, index) => {
    const span = document.createElement('span');
    span.lang = lang;
    span.textContent = text;
    return index === 0 ? [span] : [PART_SEPARATOR, span];
  });

let sheet: CSSStyleSheet | undefined;

/** A shared sheet, which no policy against inline styles forbids; a style element where a browser has none. */
const adopt = (root: ShadowRoot): readonly HTMLStyleElement[] => {
  if ('adoptedStyleSheets' in root) {
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(NOTICE_STYLE);
    }
    root.adoptedStyleSheets = [sheet];
    return [];
  }
  const style = document.createElement('style');
  style.textContent = NOTICE_STYLE;
  return [style];
};

const setOrDrop = (element: HTMLElement, name: string, value: string | null): void => {
  if (value === null) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value);
  }
};
