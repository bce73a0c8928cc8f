/** The fields in the part of the card that can be folded. */

const load = (name) => import(`./${name}.js${new URL(import.meta.url).search}`);
const { make, put } = await load("elements");

export const MOST_CHARACTERS = { amount: 40, payee: 200, memo: 2000 };
const TYPING_PAUSE = 200; // ms

/** A field with a label. */
export class Field {
  constructor(name, control, ...more) {
    this.name = name;
    this.control = control;
    this.caption = make("span", { class: "caption" });
    this.element = make("label", { class: "field" }, this.caption, control, ...more);
  }

  /** Set the value if it differs, because setting it moves the caret. */
  show(value) {
    if (this.control.value !== value) this.control.value = value;
  }
}

/** A list of names, or a text field for an id if no names are known. */
export class Choice extends Field {
  #drawn = "";

  constructor(name, onchange) {
    const select = make("select", { onchange: () => onchange(select.value) });
    const input = make("input", {
      type: "text",
      inputmode: "numeric",
      autocomplete: "off",
      oninput: () => onchange(input.value),
    });
    super(name, select, input);
    this.select = select;
    this.input = input;
  }

  /**
   * Set the names in the list, in groups.
   *
   * @param {string} nothing - the label of the empty choice
   * @param {Map<string, Named[]>} groups - names by the title of their group, "" without one
   */
  offer(nothing, groups) {
    const known = [...groups].filter(([, names]) => names.length);
    const drawn = JSON.stringify([nothing, known]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const { value } = this.select;
    this.select.replaceChildren(make("option", { value: "" }, nothing));
    for (const [title, names] of known) {
      const options = names.map(({ id, name }) => make("option", { value: id }, name));
      if (title) this.select.append(make("optgroup", { label: title }, ...options));
      else this.select.append(...options);
    }
    this.select.value = value;
    const hasNames = known.length > 0;
    put(this.select, "hidden", hasNames ? null : "");
    put(this.input, "hidden", hasNames ? "" : null);
    put(this.input, "placeholder", nothing);
    this.control = hasNames ? this.select : this.input;
  }
}

/** A text field with suggestions that are searched while typing. */
export class Search extends Field {
  static #count = 0;
  #timer = 0;
  #asked = 0;
  #active = -1;

  /** @param {(text: string) => Promise<string[]>} search */
  constructor(name, onchange, search) {
    const id = `suggestions-${(Search.#count += 1)}`;
    const list = make("ul", { id, role: "listbox", class: "suggestions", hidden: "" });
    const input = make("input", {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      enterkeyhint: "go",
      maxlength: MOST_CHARACTERS[name],
      "aria-autocomplete": "list",
      "aria-controls": id,
      "aria-expanded": "false",
    });
    super(name, input);
    this.element = make("div", { class: "search" }, this.element, list);
    this.list = list;
    this.onchange = onchange;
    this.search = search;
    input.addEventListener("input", () => this.#typed());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    // The suggestions close when the field loses the focus; a tap must choose first.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => this.#choose(event.target.closest("li")));
  }

  #typed() {
    this.onchange(this.control.value);
    clearTimeout(this.#timer);
    const turn = (this.#asked += 1);
    const text = this.control.value.trim();
    if (!text) return this.#close();
    this.#timer = setTimeout(async () => {
      const names = await this.search(text);
      const isWanted = turn === this.#asked && this.control.getRootNode().activeElement === this.control;
      if (isWanted) this.#open(names);
    }, TYPING_PAUSE);
  }

  #open(names) {
    const options = names.map((name, index) =>
      make("li", { role: "option", id: `${this.list.id}-${index}`, "aria-selected": "false" }, name),
    );
    this.list.replaceChildren(...options);
    put(this.list, "hidden", options.length ? null : "");
    put(this.list, "aria-label", this.caption.textContent);
    put(this.control, "aria-expanded", String(options.length > 0));
    this.#mark(-1);
  }

  #close() {
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.#open([]);
  }

  #mark(index) {
    this.#active = index;
    [...this.list.children].forEach((option, at) => put(option, "aria-selected", String(at === index)));
    const option = this.list.children[index];
    put(this.control, "aria-activedescendant", option?.id);
    option?.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const { length } = this.list.children;
    if (!length) return;
    if (event.key === "ArrowDown") this.#mark((this.#active + 1) % length);
    else if (event.key === "ArrowUp") this.#mark((Math.max(this.#active, 0) + length - 1) % length);
    else if (event.key === "Enter" && this.#active >= 0) this.#choose(this.list.children[this.#active]);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #choose(option) {
    if (!option) return;
    this.control.value = option.textContent;
    this.onchange(this.control.value);
    this.#close();
  }
}
