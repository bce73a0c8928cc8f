/**
 * The Budgero card: an expense or income in three taps.
 *
 * One module without imports, because the address of a static import would lose its `?v=`,
 * and browsers keep such files for a month. `budgero-card.js` loads it with the first card.
 *
 * @typedef {object} Preset
 * @property {string} preset - id of its device
 * @property {string} name
 * @property {"expense" | "income"} direction
 * @property {boolean} has_amount - whether one tap is enough
 * @property {number | null} account
 * @property {number | null} category
 * @property {string | null} payee
 *
 * @typedef {object} Named
 * @property {number} id
 * @property {string} name
 * @property {number | null} [budget]
 * @property {number | null} [group]
 * @property {string | null} [currency]
 * @property {number} [decimals]
 *
 * @typedef {object} Entry - a transaction that this user has logged
 * @property {string} message_id
 * @property {string} state
 * @property {string | null} hold - why nothing is sent
 * @property {number | null} can_take_back_for - seconds in which taking back is certain
 * @property {number} at - when it was logged, in seconds since the epoch
 *
 * @typedef {object} View - what Home Assistant tells about one Budgero entry
 * @property {string} version
 * @property {{config_entry_id: string, title: string}[]} entries
 * @property {string | null} config_entry_id
 * @property {boolean} may_see_payees
 * @property {boolean} is_admin
 * @property {string} currency
 * @property {number} decimals
 * @property {number | null} default_account
 * @property {number | null} default_category
 * @property {Preset[]} presets
 * @property {Named[]} accounts
 * @property {Named[]} categories
 * @property {Named[]} groups
 * @property {Named[]} budgets
 * @property {Entry[]} mine
 */

const DOMAIN = "budgero";
const VERSION = "0.1.0"; // as in manifest.json

const FIELDS = ["payee", "category", "account", "date", "memo"];
const KEYPAD_CHOICES = ["auto", "on", "off"];
const MOST_CHARACTERS = { amount: 40, payee: 200, memo: 2000 };

const UNDO_SECONDS = 6;
const DOUBLE_TAP = 1000; // ms in which a second tap is none of its own
const TYPING_PAUSE = 200; // ms
const MOST_ROWS = 3;
const SETTLED = ["processed", "removed"];
const SETTLED_SHOWN = 60_000; // ms
const FIRST_RETRY = 1000; // ms
const LAST_RETRY = 60_000; // ms

/* ---------------------------------------------------------------- elements */

/**
 * Make an element. Texts become text nodes: no markup is ever interpreted.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} attributes - those that begin with `on` are listeners
 * @param {...(Node | string)} children
 */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else put(element, name, value);
  }
  element.append(...children);
  return element;
}

/** Set an attribute; `false`, `null` and `undefined` remove it. */
function put(element, name, value) {
  if (value === false || value === null || value === undefined) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, String(value));
  }
}

/** Set a text only if it differs, so that nothing is read aloud twice. */
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
  put(element, "hidden", text ? null : "");
}

/* ------------------------------------------------------------------- texts */

/** The texts in the user's language, from the integration's translations. */
class Texts {
  #localize = () => "";

  /** Load them; while Home Assistant cannot be reached the names of the keys stand in. */
  async load(hass) {
    try {
      await hass.loadBackendTranslation("exceptions", DOMAIN);
      await hass.loadBackendTranslation("entity", DOMAIN);
      this.#localize = await hass.loadBackendTranslation("common", DOMAIN);
    } catch {
      // The connection is lost; the next change of language or connection loads them.
    }
  }

  /** Return a text of the card. */
  card(key, values) {
    const text = this.#localize(`component.${DOMAIN}.common.card_${key}`, values);
    return text || key[0].toUpperCase() + key.slice(1).replaceAll("_", " ");
  }

  /** Return why nothing is sent. */
  hold(reason) {
    const place = "entity.binary_sensor.problem.state_attributes.reason.state";
    return this.#localize(`component.${DOMAIN}.${place}.held_${reason}`) || reason;
  }

  /** Return what an error says. */
  error(error) {
    const { translation_key: key, translation_placeholders: values } = error;
    const code = key ?? error.code;
    const named = values?.field ? { ...values, field: this.#field(values.field) } : values;
    const text = this.#localize(`component.${DOMAIN}.exceptions.${code}.message`, named);
    return text || error.message || this.card("failed_to_log");
  }

  #field(name) {
    return ["amount", "type", ...FIELDS].includes(name) ? this.card(name) : name;
  }
}

/* -------------------------------------------------------------- what is typed */

/** Return a new message id; `crypto.randomUUID` is missing on plain http. */
function newMessageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * What is typed into the cards with one configuration.
 *
 * It lives outside the element, because Home Assistant makes the elements anew when it
 * was restarted, and is kept for the tab, because a phone reloads the page then.
 */
class Form extends EventTarget {
  static #known = new Map();
  #key;

  /** Return the form of a configuration; one of a preview belongs to nobody else. */
  static of(key, isPreview) {
    if (isPreview) return new Form("");
    if (!Form.#known.has(key)) Form.#known.set(key, new Form(key));
    return Form.#known.get(key);
  }

  constructor(key) {
    super();
    this.#key = key;
    this.isSending = false;
    this.quietUntil = 0;
    Object.assign(this, Form.#empty(), this.#load());
  }

  static #empty() {
    const values = { preset: null, type: null, amount: "" };
    for (const field of FIELDS) values[field] = "";
    /** `sent` is what was handed over and not answered yet. */
    return { messageId: newMessageId(), values, isOpen: false, sent: null, labels: {}, entryId: null };
  }

  #load() {
    try {
      return JSON.parse((this.#key && sessionStorage.getItem(this.#key)) || "{}");
    } catch {
      return {};
    }
  }

  /** Keep what is there and tell every card that shows it. */
  save() {
    const { messageId, values, isOpen, sent, labels, entryId } = this;
    try {
      const kept = JSON.stringify({ messageId, values, isOpen, sent, labels, entryId });
      if (this.#key) sessionStorage.setItem(this.#key, kept);
    } catch {
      // Storage is turned off: it is kept until the page goes.
    }
    this.dispatchEvent(new Event("change"));
  }

  get isUntouched() {
    return Object.values(this.values).every((value) => !value);
  }

  set(field, value) {
    this.values[field] = value;
    this.save();
  }

  /** Begin a new transaction; remember what the last one was called. */
  finish(label) {
    const labels = Object.entries({ ...this.labels, [this.sent.message_id]: label });
    const { messageId, values } = Form.#empty();
    this.labels = Object.fromEntries(labels.slice(-2 * MOST_ROWS));
    Object.assign(this, { messageId, values, sent: null });
    this.quietUntil = Date.now() + DOUBLE_TAP;
    this.save();
  }
}

/* ------------------------------------------------------- talking to Home Assistant */

/**
 * Return whether it is unknown what became of a call, or the call came too early.
 *
 * Without a connection the frontend rejects with the bare number 3; what was under way when
 * it was lost is rejected with an answer that has this number as code.
 */
function isUndecided(error) {
  const code = typeof error === "number" ? error : (error?.error?.code ?? error?.code);
  return typeof code === "number" || ["not_found", "unknown_command", "timeout"].includes(code);
}

/** The line to one Budgero entry: what it shows, and what changes. */
class Link {
  #connection;
  #ask = null;
  #end = null;
  #turn = 0;
  #timer = 0;
  #pause = FIRST_RETRY;

  /** @param {{view, entry, problem}} tell - called with what comes */
  constructor(connection, entryId, isPreview, tell) {
    this.#connection = connection;
    this.#ask = { type: `${DOMAIN}/card`, version: VERSION };
    if (entryId) this.#ask.config_entry_id = entryId;
    this.isPreview = isPreview;
    this.tell = tell;
    connection.addEventListener("ready", this.#begin);
    this.#begin();
  }

  close() {
    this.#connection.removeEventListener("ready", this.#begin);
    this.#stop();
  }

  #stop() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#end?.().catch(() => {}); // gone with the connection
    this.#end = null;
  }

  #begin = async () => {
    this.#stop();
    const turn = this.#turn;
    const isCurrent = () => turn === this.#turn;
    try {
      const view = await this.#connection.sendMessagePromise(this.#ask);
      if (!isCurrent()) return;
      if (view.config_entry_id && !this.isPreview) {
        await this.#subscribe(view.config_entry_id, isCurrent);
        if (!isCurrent()) return;
      } else {
        this.#again();
      }
      this.#pause = FIRST_RETRY;
      this.tell.view(view);
    } catch (error) {
      if (!isCurrent()) return;
      this.tell.problem(error);
      this.#again();
    }
  };

  /** Subscribe for changes; Home Assistant's own renewal would throw while it starts. */
  async #subscribe(entryId, isCurrent) {
    const end = await this.#connection.subscribeMessage(
      (event) => isCurrent() && this.#take(event),
      { type: `${DOMAIN}/card/subscribe`, config_entry_id: entryId, version: VERSION },
      { resubscribe: false },
    );
    if (isCurrent()) this.#end = end;
    else end().catch(() => {});
  }

  #take(event) {
    if (event.type === "entry") this.tell.entry(event);
    else this.#begin();
  }

  #again() {
    this.#timer = setTimeout(this.#begin, this.#pause);
    this.#pause = Math.min(2 * this.#pause, LAST_RETRY);
  }
}

/** Perform an action and return its response. */
async function perform(hass, action, data) {
  const answer = await hass.callService(DOMAIN, action, data, undefined, false, true);
  return answer.response;
}

/* --------------------------------------------------------------------- fields */

/** A labelled field of the folded part. */
class Field {
  constructor(name, control, ...more) {
    this.name = name;
    this.control = control;
    this.caption = make("span", { class: "caption" });
    this.element = make("label", { class: "field" }, this.caption, control, ...more);
  }

  /** Show a value, unless it is there already: that would move the caret. */
  show(value) {
    if (this.control.value !== value) this.control.value = value;
  }
}

/** A list of names; where none are known, a text for an id. */
class Choice extends Field {
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
   * Show the names, in groups.
   *
   * @param {string} nothing - what is used when nothing is chosen
   * @param {Map<string, Named[]>} groups - by their title, "" for those without
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

/** A text with suggestions that are searched while typing. */
class Search extends Field {
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
    // A tap must not take the focus before it has chosen.
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
    put(this.control, "aria-expanded", options.length > 0);
    this.#mark(-1);
  }

  #close() {
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.#open([]);
  }

  #mark(index) {
    this.#active = index;
    [...this.list.children].forEach((option, at) => put(option, "aria-selected", at === index));
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

/* ----------------------------------------------------------------------- rows */

/** Where one logged transaction stands. */
class Row {
  constructor(onundo) {
    this.label = make("span", { class: "label" });
    this.state = make("span", { class: "state" });
    this.hold = make("span", { class: "hold", hidden: "" });
    this.seconds = make("span", { "aria-hidden": "true" });
    this.word = make("span");
    this.button = make("button", { type: "button", onclick: onundo }, this.word, this.seconds);
    this.element = make(
      "li",
      {},
      make("div", { class: "told" }, this.label, this.state, this.hold),
      this.button,
    );
  }

  /**
   * @param {Entry & {undoUntil: number, isAsking: boolean}} entry
   * @param {string} label
   * @param {Texts} texts
   * @param {boolean} isAdmin
   */
  draw(entry, label, texts, isAdmin) {
    const left = Math.ceil((entry.undoUntil - Date.now()) / 1000);
    const canUndo = left > 0 && entry.state === "waiting";
    say(this.label, label);
    say(this.state, texts.card(`state_${entry.state}`));
    this.#drawHold(entry, texts, isAdmin);
    put(this.element, "data-state", entry.state);
    put(this.button, "hidden", ["waiting", "accepted"].includes(entry.state) ? null : "");
    put(this.button, "aria-disabled", entry.isAsking || null);
    say(this.word, texts.card(canUndo ? "undo" : "remove"));
    say(this.seconds, canUndo ? ` ${left}` : "");
    put(this.button, "aria-label", `${this.word.textContent}: ${label}`);
  }

  #drawHold(entry, texts, isAdmin) {
    const reason = entry.state === "waiting" ? entry.hold : null;
    const drawn = JSON.stringify([reason, isAdmin, reason && texts.hold(reason)]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    put(this.hold, "hidden", reason ? null : "");
    if (!reason) return this.hold.replaceChildren();
    const more = isAdmin
      ? make("a", { href: "/config/repairs" }, texts.card("open_repairs"))
      : texts.card("ask_administrator");
    this.hold.replaceChildren(`${texts.hold(reason)}. `, more);
  }
}

/* ----------------------------------------------------------------- number pad */

/** Return the decimal mark of the user, as set in their profile. */
function decimalMark({ number_format: format, language }) {
  const fixed = { comma_decimal: ".", quote_decimal: ".", decimal_comma: ",", space_comma: "," };
  if (fixed[format]) return fixed[format];
  const locale = format === "language" ? language : undefined;
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.find(({ type }) => type === "decimal").value === "," ? "," : ".";
}

/** Return whether this is a tablet: it is touched, and its keyboard would cover a lot. */
function isTablet() {
  return matchMedia("(pointer: coarse) and (min-width: 600px)").matches;
}

/** The card's own number pad. */
class Keypad {
  constructor(onkey) {
    this.mark = make("button", { type: "button", onclick: () => onkey(this.mark.textContent) });
    this.back = make("button", { type: "button", onclick: () => onkey(null) }, "⌫");
    const digit = (key) => make("button", { type: "button", onclick: () => onkey(key) }, key);
    const digits = [..."123456789"].map(digit);
    this.element = make("div", { class: "keypad", role: "group" });
    this.element.append(...digits, this.mark, digit("0"), this.back);
  }

  draw(texts, mark, decimals) {
    say(this.mark, mark);
    put(this.mark, "disabled", decimals === 0 ? "" : null);
    put(this.back, "aria-label", texts.card("delete_digit"));
    put(this.element, "aria-label", texts.card("keypad"));
  }
}

/* ------------------------------------------------------------------- the card */

/** Return whether an element is in the picker or an editor, which do not always say so. */
function isInDialog(element) {
  for (let node = element; node; node = node.parentNode ?? node.host) {
    if (/^HUI-(CARD-PICKER|DIALOG-)/.test(node.tagName ?? "")) return true;
  }
  return false;
}

/** Return what has an id, which may be a text. */
function find(names, id) {
  return names.find((each) => String(each.id) === String(id));
}

/** The content of one card: made once, then only changed. */
export class Card {
  /** What the shell was told: configuration, `hass`, whether it is a preview. */
  #known = {};
  #host;
  #texts = new Texts();
  #language = null;
  #view = null;
  #problem = null;
  #form = null;
  #link = null;
  #linkKey = "";
  #entries = new Map();
  #chips = new Map();
  #rows = new Map();
  #clock = 0;
  #retry = 0;
  #isReady = false;

  /** @param {ShadowRoot} root */
  constructor(root) {
    this.#host = root.host;
    this.#build(root);
  }

  /** Take what the shell knows; called at every change of any state in the house. */
  update(known) {
    const wasConnected = this.#known.hass?.connected;
    this.#known = { ...known, preview: known.preview || isInDialog(this.#host) };
    const { config, hass } = known;
    if (!config || !hass) return;
    lastHass = hass;
    this.#follow();
    this.#loadTexts(wasConnected === false && hass.connected);
    if (this.#known.preview !== this.drawnPreview || config !== this.drawnConfig || wasConnected !== hass.connected) {
      this.#draw();
    }
  }

  get #isPreview() {
    return Boolean(this.#known.preview);
  }

  get #hass() {
    return this.#known.hass;
  }

  async #loadTexts(isAgain) {
    const { language } = this.#hass;
    if (language === this.#language && !isAgain) return;
    this.#language = language;
    await this.#texts.load(this.#hass);
    this.#isReady = true;
    this.#draw();
  }

  /** Open, change or close the line to the entry, and choose the form. */
  #follow() {
    const { config, hass, isShown } = this.#known;
    const identity = [config.config_entry_id, config.title, config.presets, config.fields];
    const key = JSON.stringify([hass.user?.id, ...identity]);
    const form = Form.of(`${DOMAIN}-card ${key}`, this.#isPreview);
    if (!this.#form || (form !== this.#form && !(this.#isPreview && this.formOfPreview))) {
      this.#form?.removeEventListener("change", this.#draw);
      this.#form = form;
      form.addEventListener("change", this.#draw);
    }
    this.formOfPreview = this.#isPreview;
    const entryId = config.config_entry_id ?? this.#form.entryId;
    const linkKey = isShown ? JSON.stringify([entryId, this.#isPreview]) : "";
    if (linkKey === this.#linkKey) return;
    this.#linkKey = linkKey;
    this.#link?.close();
    clearInterval(this.#clock);
    clearTimeout(this.#retry);
    this.#link = null;
    if (!linkKey) return;
    this.#clock = setInterval(this.#tick, 500);
    this.#link = new Link(hass.connection, entryId, this.#isPreview, {
      view: (view) => this.#takeView(view),
      entry: (entry) => this.#takeEntry(entry),
      problem: (error) => this.#takeProblem(error),
    });
  }

  #takeView(view) {
    this.#view = view;
    this.#problem = null;
    for (const entry of this.#isPreview ? [] : view.mine ?? []) this.#keep(entry);
    this.#draw();
    if (this.#form.sent && !this.#isPreview) this.#send();
  }

  #takeEntry(entry) {
    this.#keep(entry);
    this.#draw();
  }

  #takeProblem(error) {
    // While Home Assistant restarts, what was there stays.
    if (isUndecided(error) && this.#view) return;
    this.#problem = error;
    this.#view = null;
    this.#draw();
  }

  /** Remember where an entry stands. */
  #keep(entry) {
    const earlier = this.#entries.get(entry.message_id);
    const undoUntil = Date.now() + 1000 * (entry.can_take_back_for ?? 0);
    const changed = earlier?.state === entry.state ? earlier.changed : Date.now();
    this.#entries.set(entry.message_id, { ...earlier, ...entry, undoUntil, changed });
  }

  /* ------------------------------------------------------------------ building */

  #build(root) {
    const change = (field) => (value) => this.#form.set(field, value);
    this.heading = make("h2");
    this.notices = make("div", { class: "notices" });
    this.choice = make("div", { class: "chips", hidden: "" });
    this.chips = make("div", { class: "chips", role: "group" });
    this.amount = make("input", {
      type: "text",
      class: "amount",
      autocomplete: "off",
      enterkeyhint: "go",
      maxlength: MOST_CHARACTERS.amount,
      oninput: () => this.#form.set("amount", this.amount.value),
    });
    this.unit = make("span", { class: "unit" });
    this.caption = make("span", { class: "hidden-caption" });
    this.log = make("button", { type: "submit", class: "log" });
    this.keypad = new Keypad((key) => this.#press(key));
    this.types = ["expense", "income"].map((type) => this.#makeType(type));
    this.typeGroup = make("div", { class: "types", role: "radiogroup" }, ...this.types.map(({ element }) => element));
    this.fields = [
      new Search("payee", change("payee"), (text) => this.#searchPayees(text)),
      new Choice("category", change("category")),
      new Choice("account", change("account")),
      new Field("date", this.#input("date", { type: "date" })),
      new Field("memo", this.#input("memo", { maxlength: MOST_CHARACTERS.memo })),
    ];
    this.summary = make("summary");
    this.more = make(
      "details",
      { ontoggle: () => this.#toggled() },
      this.summary,
      make("div", { class: "fields" }, ...this.fields.map(({ element }) => element)),
    );
    this.error = make("p", { class: "error", role: "alert", id: "error", hidden: "" });
    this.stop = make("button", { type: "button", class: "stop", hidden: "", onclick: () => this.#giveUp() });
    this.said = make("p", { class: "said", role: "status" });
    this.list = make("ul", { class: "rows" });
    const amount = make("label", { class: "money" }, this.caption, this.amount, this.unit);
    this.body = make(
      "form",
      { novalidate: "", onsubmit: (event) => this.#submitted(event) },
      this.chips,
      make("div", { class: "entry" }, amount, this.log),
      this.keypad.element,
      this.error,
      this.typeGroup,
      this.more,
    );
    const style = make("style", {}, STYLE);
    root.append(style, make("ha-card", {}, this.heading, this.notices, this.choice, this.body, this.said, this.stop, this.list));
  }

  #input(field, attributes) {
    const input = make("input", {
      type: "text",
      autocomplete: "off",
      enterkeyhint: "go",
      oninput: () => this.#form.set(field, input.value),
      ...attributes,
    });
    return input;
  }

  #makeType(type) {
    const radio = make("input", { type: "radio", name: "type", value: type });
    radio.addEventListener("change", () => this.#form.set("type", type));
    const word = make("span");
    return { type, radio, word, element: make("label", {}, radio, word) };
  }

  /* ------------------------------------------------------------------- drawing */

  /** Bring everything up to date; elements are changed, never made anew. */
  #draw = () => {
    const { config, hass } = this.#known;
    if (!this.#isReady || !config || !hass) return;
    this.drawnPreview = this.#known.preview;
    this.drawnConfig = config;
    const view = this.#view;
    const isUsable = Boolean(view?.config_entry_id);
    say(this.heading, config.title ?? this.#title());
    this.#drawNotices();
    this.#drawChoice(isUsable ? [] : (view?.entries ?? []));
    put(this.body, "hidden", isUsable ? null : "");
    put(this.list, "hidden", isUsable ? null : "");
    if (isUsable) {
      this.#drawChips();
      this.#drawMoney();
      this.#drawFields();
      this.#drawSending();
      this.#drawRows();
    }
  };

  #title() {
    const { entries, config_entry_id: id } = this.#view ?? {};
    return entries?.find((entry) => entry.config_entry_id === id)?.title ?? "Budgero";
  }

  /** Let the user choose an entry, if none is configured and none is the default one. */
  #drawChoice(entries) {
    put(this.choice, "hidden", entries.length ? null : "");
    const drawn = JSON.stringify(entries);
    if (drawn === this.drawnChoice) return;
    this.drawnChoice = drawn;
    const chips = entries.map(({ config_entry_id: id, title }) =>
      make("button", { type: "button", class: "chip", onclick: () => this.#chooseEntry(id) }, title),
    );
    this.choice.replaceChildren(...chips);
  }

  #chooseEntry(id) {
    this.#form.entryId = id;
    this.#form.save();
    this.#follow();
  }

  #drawNotices() {
    const texts = this.#notices();
    const drawn = JSON.stringify(texts);
    if (drawn === this.drawnNotices) return;
    this.drawnNotices = drawn;
    this.notices.replaceChildren(...texts.map((text) => make("p", {}, text)));
  }

  #notices() {
    const texts = this.#texts;
    const notices = this.#isPreview ? [texts.card("preview")] : [];
    if (this.#problem) {
      const isOld = this.#problem.code === "unknown_command";
      notices.push(isOld ? texts.card("restart") : this.#explain(this.#problem));
    }
    const view = this.#view;
    if (!view) return notices;
    if (view.version !== VERSION) {
      notices.push(texts.card("versions", { card: VERSION, integration: view.version }));
    }
    if (!view.entries.length) notices.push(texts.card("not_set_up"));
    else if (!view.config_entry_id) notices.push(texts.card("choose_entry"));
    else if (this.#wanted().some((preset) => !preset)) notices.push(texts.card("unknown_preset"));
    return notices;
  }

  #explain(error) {
    return isUndecided(error) ? this.#texts.card("no_connection") : this.#texts.error(error);
  }

  /** Return the presets to show; `undefined` for one that does not exist. */
  #wanted() {
    const { presets } = this.#view;
    const wanted = this.#known.config.presets;
    if (!Array.isArray(wanted)) return presets;
    return wanted.map((each) => presets.find(({ preset, name }) => preset === each || name === each));
  }

  get #preset() {
    return this.#view?.presets.find(({ preset }) => preset === this.#form.values.preset) ?? null;
  }

  #drawChips() {
    const shown = this.#wanted().filter(Boolean);
    put(this.chips, "hidden", shown.length ? null : "");
    put(this.chips, "aria-label", this.#texts.card("presets"));
    for (const preset of shown) {
      const chip = this.#chips.get(preset.preset) ?? this.#makeChip(preset.preset);
      say(chip, preset.name);
      put(chip, "data-logs", preset.has_amount ? "" : null);
      put(chip, "aria-pressed", preset.has_amount ? null : preset.preset === this.#form.values.preset);
      put(chip, "data-chosen", preset.preset === this.#form.values.preset ? "" : null);
      put(chip, "title", preset.has_amount ? this.#texts.card("logs_at_once") : null);
      put(chip, "aria-disabled", this.#form.sent ? true : null);
    }
    const chips = shown.map(({ preset }) => this.#chips.get(preset));
    const isSame = chips.length === this.chips.children.length && chips.every((chip, at) => chip === this.chips.children[at]);
    if (!isSame) this.chips.replaceChildren(...chips);
  }

  #makeChip(id) {
    const chip = make("button", { type: "button", class: "chip", onclick: () => this.#tapped(id) });
    this.#chips.set(id, chip);
    return chip;
  }

  #drawMoney() {
    const { config, hass } = this.#known;
    const texts = this.#texts;
    const { values } = this.#form;
    const account = this.#account();
    const hasKeypad = config.keypad === "on" || (config.keypad !== "off" && isTablet());
    if (this.amount.value !== values.amount) this.amount.value = values.amount;
    put(this.amount, "inputmode", hasKeypad ? "none" : "decimal");
    put(this.amount, "placeholder", this.#preset?.has_amount ? texts.card("amount_of_preset") : "0");
    say(this.caption, texts.card("amount"));
    say(this.unit, account?.currency ?? this.#view.currency ?? "");
    put(this.keypad.element, "hidden", hasKeypad ? null : "");
    const decimals = account?.decimals ?? this.#view.decimals;
    this.keypad.draw(texts, decimalMark(hass.locale), decimals);
    const chosen = values.type ?? this.#preset?.direction ?? "expense";
    put(this.typeGroup, "aria-label", texts.card("type"));
    for (const { type, radio, word } of this.types) {
      say(word, texts.card(type));
      radio.checked = type === chosen;
    }
  }

  /** Return the account that is used, if its name is known. */
  #account() {
    const { accounts, default_account: usual } = this.#view;
    const value = this.#form.values.account || this.#preset?.account || usual;
    return find(accounts, value);
  }

  #drawFields() {
    const { values, isOpen } = this.#form;
    const texts = this.#texts;
    const { fields } = this.#known.config;
    const wanted = Array.isArray(fields) ? FIELDS.filter((field) => fields.includes(field)) : FIELDS;
    put(this.more, "hidden", wanted.length ? null : "");
    if (this.more.open !== isOpen) this.more.open = isOpen;
    say(this.summary, texts.card("more"));
    const preset = this.#preset;
    for (const field of this.fields) {
      say(field.caption, texts.card(field.name));
      put(field.element, "hidden", wanted.includes(field.name) ? null : "");
      if (field.name === "payee") put(field.control, "placeholder", preset?.payee ?? null);
      if (field instanceof Choice) this.#offer(field, preset);
      field.show(values[field.name]);
    }
  }

  /** Fill the list of accounts or categories. */
  #offer(field, preset) {
    const view = this.#view;
    const isAccount = field.name === "account";
    const names = isAccount ? view.accounts : view.categories;
    const usual = preset?.[field.name] ?? view[`default_${field.name}`];
    const nothing = usual ? (find(names, usual)?.name ?? String(usual)) : this.#texts.card("default");
    const budget = this.#account()?.budget;
    const titles = isAccount ? view.budgets : view.groups;
    const groups = new Map([["", []]]);
    for (const each of names) {
      if (!isAccount && budget && each.budget && each.budget !== budget) continue;
      const title = titles.find(({ id }) => id === (isAccount ? each.budget : each.group))?.name ?? "";
      const key = isAccount && titles.length < 2 ? "" : title;
      groups.set(key, [...(groups.get(key) ?? []), each]);
    }
    field.offer(nothing, groups);
  }

  #drawSending() {
    const { sent, isSending } = this.#form;
    say(this.log, this.#texts.card("log"));
    put(this.log, "aria-disabled", sent ? true : null);
    const isLost = Boolean(sent) && !isSending;
    if (isLost) say(this.said, this.#texts.card("will_send_again"));
    else if (this.said.textContent === this.#texts.card("will_send_again")) say(this.said, "");
    say(this.stop, this.#texts.card("give_up"));
    put(this.stop, "hidden", isLost ? null : "");
  }

  #drawRows() {
    const now = Date.now();
    const isOver = ({ state, changed }) => SETTLED.includes(state) && now - changed > SETTLED_SHOWN;
    const entries = [...this.#entries.values()].sort((one, other) => other.at - one.at);
    const shown = entries.filter((entry) => !isOver(entry)).slice(0, MOST_ROWS);
    for (const entry of shown) {
      const row = this.#rows.get(entry.message_id) ?? this.#makeRow(entry.message_id);
      row.draw(entry, this.#label(entry), this.#texts, this.#view.is_admin);
    }
    const elements = shown.map((entry) => this.#rows.get(entry.message_id).element);
    const isSame = elements.length === this.list.children.length && elements.every((row, at) => row === this.list.children[at]);
    if (!isSame) this.list.replaceChildren(...elements);
    put(this.list, "hidden", shown.length ? null : "");
    put(this.list, "aria-label", this.#texts.card("logged"));
  }

  #makeRow(id) {
    const row = new Row(() => this.#takeBack(id));
    this.#rows.set(id, row);
    return row;
  }

  /** Return what an entry is called: as it was typed here, else its time. */
  #label(entry) {
    const known = this.#form.labels[entry.message_id];
    if (known) return known;
    const { language } = this.#hass.locale;
    return new Date(entry.at * 1000).toLocaleTimeString(language, { hour: "numeric", minute: "2-digit" });
  }

  /** Count the seconds of an undo down, and let what is settled go. */
  #tick = () => {
    if (this.#entries.size && this.#view?.config_entry_id && this.#isReady) this.#drawRows();
  };

  /* ---------------------------------------------------------------- what is done */

  #toggled() {
    if (!this.#form || this.#form.isOpen === this.more.open) return;
    this.#form.isOpen = this.more.open;
    this.#form.save();
  }

  #press(key) {
    const { amount } = this.#form.values;
    const typed = key === null ? amount.slice(0, -1) : amount + key;
    this.#form.set("amount", typed.slice(0, MOST_CHARACTERS.amount));
  }

  /** A preset with an amount logs at once, unless something was typed. */
  #tapped(id) {
    const form = this.#form;
    if (form.sent || Date.now() < form.quietUntil) return;
    const preset = this.#view.presets.find((each) => each.preset === id);
    if (preset?.has_amount && form.isUntouched) {
      form.values.preset = id;
      this.#log();
      return;
    }
    form.set("preset", form.values.preset === id ? null : id);
    if (form.values.preset && this.amount.inputMode !== "none") this.amount.focus();
  }

  #submitted(event) {
    event.preventDefault();
    this.#log();
  }

  /** Log what the form says. */
  #log() {
    const form = this.#form;
    if (form.sent || Date.now() < form.quietUntil) return;
    this.#fail(null);
    if (this.#isPreview) {
      form.values.preset = null;
      say(this.said, this.#texts.card("preview"));
      this.#draw();
      return;
    }
    const data = { config_entry_id: this.#view.config_entry_id, message_id: form.messageId, undo: true };
    for (const [field, value] of Object.entries(form.values)) {
      if (value) data[field] = value;
    }
    form.sent = data;
    form.save();
    this.#send();
  }

  /** Hand over what was logged, again with the same message id until there is an answer. */
  async #send() {
    const form = this.#form;
    const { sent } = form;
    if (!sent || form.isSending) return;
    clearTimeout(this.#retry);
    form.isSending = true;
    this.#draw();
    try {
      const answer = await perform(this.#hass, "add_transaction", sent);
      form.isSending = false;
      this.#logged(form, sent, answer);
    } catch (error) {
      form.isSending = false;
      if (isUndecided(error)) this.#retry = setTimeout(() => this.#send(), 5000);
      else this.#refused(form, error);
    }
    this.#draw();
  }

  #logged(form, sent, answer) {
    const state = answer.state ?? answer.status;
    const preset = this.#view?.presets.find((each) => each.preset === sent.preset)?.name;
    const words = [sent.amount && `${sent.amount} ${this.unit.textContent}`, sent.payee ?? preset];
    const label = words.filter(Boolean).join(" · ");
    const earlier = this.#entries.get(sent.message_id) ?? {};
    const undoUntil = Date.now() + (answer.status === "waiting" ? UNDO_SECONDS * 1000 : 0);
    const entry = { hold: answer.hold ?? null, state, at: Date.now() / 1000, changed: Date.now() };
    this.#entries.set(sent.message_id, { ...entry, undoUntil, message_id: sent.message_id, ...earlier });
    form.finish(label);
    say(this.said, "");
    say(this.said, this.#texts.card("was_logged", { what: label }));
  }

  #refused(form, error) {
    if (form.sent?.preset && !form.sent.amount) form.values.preset = null;
    form.sent = null;
    form.save();
    this.#fail(error);
  }

  /** Say what is wrong, at the field that is wrong; `null` says that nothing is. */
  #fail(error) {
    say(this.error, error ? this.#texts.error(error) : "");
    const wrong = error?.translation_placeholders?.field ?? (error?.translation_key === "missing_amount" ? "amount" : null);
    const controls = [["amount", this.amount], ...this.fields.map(({ name, control }) => [name, control])];
    for (const [name, control] of controls) {
      put(control, "aria-invalid", name === wrong ? true : null);
      put(control, "aria-describedby", name === wrong ? "error" : null);
      if (name !== wrong) continue;
      if (name !== "amount") this.more.open = true;
      control.focus();
    }
  }

  /** Stop sending again; what is typed stays, and keeps its message id. */
  #giveUp() {
    clearTimeout(this.#retry);
    this.#form.sent = null;
    this.#form.save();
  }

  async #takeBack(id) {
    const entry = this.#entries.get(id);
    if (entry.isAsking) return;
    this.#change(id, { isAsking: true });
    const label = this.#label(entry);
    try {
      const { outcome, translation_key } = await this.#hass.callWS({
        type: `${DOMAIN}/card/take_back`,
        config_entry_id: this.#view.config_entry_id,
        message_id: id,
      });
      if (outcome === "taken_back") this.#change(id, { state: "removed", changed: Date.now() });
      const isLate = outcome === "too_late";
      say(this.said, isLate ? this.#texts.error({ translation_key }) : this.#texts.card(outcome, { what: label }));
    } catch (error) {
      say(this.said, isUndecided(error) ? this.#texts.card("no_connection") : this.#texts.error(error));
    }
    this.#change(id, { isAsking: false });
  }

  #change(id, values) {
    this.#entries.set(id, { ...this.#entries.get(id), ...values });
    this.#draw();
  }

  async #searchPayees(search) {
    const view = this.#view;
    if (!view?.may_see_payees) return [];
    try {
      const found = await perform(this.#hass, "get_names", { config_entry_id: view.config_entry_id, kind: "payee", search });
      return [...new Set(found.payees.map(({ name }) => name))].slice(0, 20);
    } catch {
      return []; // a payee may be typed without suggestions
    }
  }
}

/* ----------------------------------------------------------------- the editor */

let lastHass = null;

/** Return what can be configured; Home Assistant draws the form. */
export async function configForm() {
  const hass = lastHass ?? document.querySelector("home-assistant").hass;
  const texts = new Texts();
  const [presets] = await Promise.all([allPresets(hass), texts.load(hass)]);
  const options = (values) => values.map((value) => ({ value, label: texts.card(value) }));
  const schema = [
    { name: "title", selector: { text: {} } },
    { name: "config_entry_id", selector: { config_entry: { integration: DOMAIN } } },
    { name: "presets", selector: { select: { multiple: true, reorder: true, options: presets } } },
    { name: "fields", selector: { select: { multiple: true, mode: "list", options: options(FIELDS) } } },
    { name: "keypad", selector: { select: { mode: "dropdown", options: KEYPAD_CHOICES.map((value) => ({ value, label: texts.card(`keypad_${value}`) })) } } },
  ];
  return {
    schema,
    computeLabel: ({ name }) => texts.card(name === "config_entry_id" ? "entry" : name),
    computeHelper: ({ name }) => ["presets", "fields", "keypad"].includes(name) ? texts.card(`about_${name}`) : undefined,
  };
}

/** Return the presets of all entries as choices. */
async function allPresets(hass) {
  const ask = { type: `${DOMAIN}/card`, version: VERSION };
  try {
    const { entries } = await hass.callWS(ask);
    const views = await Promise.all(entries.map(async ({ config_entry_id: id, title }) => {
      const { presets } = await hass.callWS({ ...ask, config_entry_id: id }).catch(() => ({ presets: [] }));
      return presets.map(({ preset, name }) => ({ value: preset, label: entries.length > 1 ? `${name} (${title})` : name }));
    }));
    return views.flat();
  } catch {
    return [];
  }
}

/* ------------------------------------------------------------------- its look */

const STYLE = `
:host { display: block; }
[hidden] { display: none !important; }
ha-card {
  display: flex;
  flex-direction: column;
  gap: 12px;
  padding: 16px;
  height: 100%;
  box-sizing: border-box;
  color: var(--primary-text-color);
}
form { display: contents; }
h2 {
  margin: 0;
  font-size: var(--ha-font-size-l, 16px);
  font-weight: var(--ha-font-weight-medium, 500);
  overflow-wrap: anywhere;
}
p { margin: 0; overflow-wrap: anywhere; }
.notices { display: contents; }
.notices p, .error, .said, .hold { font-size: var(--ha-font-size-m, 14px); line-height: 1.4; }
.notices p {
  padding: 8px 12px;
  border: 1px solid var(--warning-color);
  border-radius: var(--ha-border-radius-lg, 12px);
}
.error {
  padding-inline-start: 12px;
  border-inline-start: 4px solid var(--error-color);
}
.said:empty { display: none; }
.said, .caption, .state, .hold { color: var(--secondary-text-color); }
.chips { display: flex; flex-wrap: wrap; gap: 8px; }
button, summary, select, input {
  font: inherit;
  color: inherit;
  box-sizing: border-box;
}
button, summary, .types label { cursor: pointer; touch-action: manipulation; }
button {
  min-height: 48px;
  padding: 0 16px;
  border: 1px solid var(--divider-color);
  border-radius: var(--ha-border-radius-lg, 12px);
  background: none;
}
button:hover { background: color-mix(in srgb, var(--primary-color) 8%, transparent); }
button[aria-disabled="true"], button:disabled { cursor: default; border-style: dashed; }
.chip { border-radius: 24px; max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
.chip[data-logs], .log { border-color: var(--primary-color); background: color-mix(in srgb, var(--primary-color) 14%, transparent); }
.chip[data-logs]::before { content: "+ "; }
.chip[data-chosen] { border: 2px solid var(--primary-color); padding: 0 15px; }
.entry {
  display: flex;
  gap: 8px;
  position: sticky;
  top: calc(var(--header-height, 56px) + env(safe-area-inset-top, 0px));
  z-index: 1;
  background: var(--ha-card-background, var(--card-background-color, inherit));
}
.money {
  display: flex;
  flex: 1;
  min-width: 0;
  align-items: center;
  border: 1px solid var(--secondary-text-color);
  border-radius: var(--ha-border-radius-lg, 12px);
  background: var(--ha-color-form-background, transparent);
}
.amount {
  flex: 1;
  min-width: 0;
  height: 56px;
  padding: 0 12px;
  border: 0;
  border-radius: inherit;
  background: none;
  font-size: 28px;
  outline: none;
}
.amount::placeholder { color: var(--secondary-text-color); opacity: 1; }
.unit { padding-inline-end: 12px; }
.money:focus-within, :focus-visible { outline: 2px solid var(--primary-text-color); outline-offset: 1px; }
.money .amount:focus-visible { outline: none; }
.log { min-width: 88px; font-weight: var(--ha-font-weight-medium, 500); }
.hidden-caption, .types input {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
}
.keypad { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; }
.keypad button { min-height: 56px; padding: 0; font-size: 22px; }
.types { display: flex; position: relative; }
.types label { flex: 1; }
.types span {
  display: flex;
  justify-content: center;
  align-items: center;
  min-height: 44px;
  border: 1px solid var(--divider-color);
}
.types label:first-child span { border-start-start-radius: 12px; border-end-start-radius: 12px; }
.types label:last-child span { border-start-end-radius: 12px; border-end-end-radius: 12px; }
.types :checked + span { border-color: var(--primary-color); box-shadow: inset 0 0 0 1px var(--primary-color); background: color-mix(in srgb, var(--primary-color) 14%, transparent); }
.types :focus-visible + span { outline: 2px solid var(--primary-text-color); outline-offset: 1px; }
summary { min-height: 44px; display: flex; align-items: center; gap: 8px; }
summary::before { content: "▸"; }
[open] > summary::before { content: "▾"; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr)); gap: 12px; padding-top: 4px; }
.field { display: flex; flex-direction: column; gap: 4px; min-width: 0; }
.caption { font-size: var(--ha-font-size-s, 12px); }
.field input, .field select {
  width: 100%;
  height: 48px;
  padding: 0 12px;
  border: 1px solid var(--secondary-text-color);
  border-radius: var(--ha-border-radius-lg, 12px);
  background: var(--ha-color-form-background, var(--card-background-color));
  font-size: 16px;
}
.field input::placeholder { color: var(--secondary-text-color); opacity: 1; }
option, optgroup { color: var(--primary-text-color); background: var(--card-background-color); }
[aria-invalid="true"] { border-color: var(--error-color) !important; }
.search { position: relative; }
.suggestions {
  position: absolute;
  z-index: 2;
  inset-inline: 0;
  max-height: 200px;
  overflow-y: auto;
  border: 1px solid var(--secondary-text-color);
  border-radius: var(--ha-border-radius-lg, 12px);
  background: var(--card-background-color);
}
.suggestions li { min-height: 44px; padding: 0 12px; cursor: pointer; overflow-wrap: anywhere; display: flex; align-items: center; }
.suggestions li:hover, .suggestions [aria-selected="true"] { background: color-mix(in srgb, var(--primary-color) 14%, transparent); }
ul { list-style: none; margin: 0; padding: 0; }
.rows li { display: flex; align-items: center; gap: 12px; padding: 8px 0; border-top: 1px solid var(--divider-color); }
.told { display: flex; flex: 1; flex-direction: column; min-width: 0; overflow-wrap: anywhere; }
.hold a { color: var(--primary-text-color); }
@media (forced-colors: active) { .types :checked + span { outline: 2px solid; } }
@media (prefers-reduced-motion: no-preference) { button { transition: background-color 120ms; } }
`;

/* -------------------------------------------------------------------- the view */

/** Return a whole view of a dashboard, which loads its own module. */
export async function view(...given) {
  const module = await import("./view.js" + new URL(import.meta.url).search);
  return module.view(...given);
}
