/** The elements of a card. They are made once and then changed, so no input is lost. */

const load = (name) => import(`./${name}.js${new URL(import.meta.url).search}`);
const [elements, fields, form, keypad, { Row }, { STYLE }] = await Promise.all(
  ["elements", "fields", "form", "keypad", "row", "style"].map(load),
);
const { keepChildren, make, put, say, show } = elements;
const { Choice, Field, MOST_CHARACTERS, Search } = fields;
const { FIELDS } = form;
const { Keypad, decimalMark, isTablet } = keypad;

const MOST_ROWS = 3;
const SETTLED = ["processed", "removed"];
const SETTLED_SHOWN = 60_000; // ms

/** Return the item with an id; the id may be a text. */
function find(names, id) {
  return names.find((each) => String(each.id) === String(id));
}

/** The elements of one card. */
export class Face {
  #actions;
  #chips = new Map();
  #rows = new Map();
  #choiceDrawn = "";
  #noticesDrawn = "";

  /**
   * @param {ShadowRoot} root
   * @param {Record<string, Function>} actions - what a tap does
   */
  constructor(root, actions) {
    this.#actions = actions;
    this.heading = make("h2");
    this.notices = make("div", { class: "notices" });
    this.choice = make("div", { class: "chips", hidden: "" });
    this.said = make("p", { class: "said unseen", role: "status" });
    this.stop = make("button", { type: "button", class: "stop", hidden: "", onclick: actions.giveUp });
    this.list = make("ul", { class: "rows" });
    this.body = this.#makeForm();
    const style = make("style", {}, STYLE);
    const { heading, notices, choice, body, said, stop, list } = this;
    root.append(style, make("ha-card", {}, heading, notices, choice, body, said, stop, list));
  }

  get currency() {
    return this.unit.textContent;
  }

  /** Show a message. */
  tell(text) {
    this.#say("said", text);
  }

  /** Announce something to screen readers only, because others see it. */
  announce(text) {
    this.#say("said unseen", text);
  }

  /** Set the message. Its element is never hidden, or screen readers would miss the message. */
  #say(look, text) {
    put(this.said, "class", text ? look : "said unseen");
    this.said.textContent = text;
  }

  /** Focus the amount, unless there is a number pad: focus would open a keyboard. */
  focusAmount() {
    if (this.amount.inputMode !== "none") this.amount.focus();
  }

  /* Making */

  #makeForm() {
    const submitted = (event) => {
      event.preventDefault();
      this.#actions.log();
    };
    this.chips = make("div", { class: "chips", role: "group" });
    this.error = make("p", { class: "error", role: "alert", id: "error", hidden: "" });
    this.log = make("button", { type: "submit", class: "log" });
    this.keypad = new Keypad((key) => this.#press(key));
    return make(
      "form",
      { novalidate: "", onsubmit: submitted },
      this.chips,
      make("div", { class: "entry" }, this.#makeMoney(), this.log),
      this.keypad.element,
      this.error,
      this.#makeTypes(),
      this.#makeMore(),
    );
  }

  #makeMoney() {
    this.amount = this.#input("amount", { class: "amount" });
    this.unit = make("span", { class: "unit" });
    this.caption = make("span", { class: "unseen" });
    return make("label", { class: "money" }, this.caption, this.amount, this.unit);
  }

  #makeTypes() {
    this.types = ["expense", "income"].map((type) => {
      const onchange = () => this.#actions.set("type", type);
      const radio = make("input", { type: "radio", name: "type", value: type, onchange });
      const word = make("span");
      return { type, radio, word, element: make("label", {}, radio, word) };
    });
    const labels = this.types.map(({ element }) => element);
    this.typeGroup = make("div", { class: "types", role: "radiogroup" }, ...labels);
    return this.typeGroup;
  }

  #makeMore() {
    const { set, searchPayees, unfold } = this.#actions;
    const change = (field) => (value) => set(field, value);
    this.fields = [
      new Search("payee", change("payee"), searchPayees),
      new Choice("category", change("category")),
      new Choice("account", change("account")),
      new Field("date", this.#input("date", { type: "date" })),
      new Field("memo", this.#input("memo")),
    ];
    // Opened at once: the event `toggle` comes later, and what is drawn until then would
    // fold it again.
    const onclick = (event) => {
      event.preventDefault();
      this.more.open = !this.more.open;
      unfold(this.more.open);
    };
    this.summary = make("summary", { onclick });
    const inner = make("div", { class: "fields" }, ...this.fields.map(({ element }) => element));
    const ontoggle = () => unfold(this.more.open);
    this.more = make("details", { ontoggle }, this.summary, inner);
    return this.more;
  }

  #input(field, attributes) {
    const input = make("input", {
      type: "text",
      autocomplete: "off",
      enterkeyhint: "go",
      maxlength: MOST_CHARACTERS[field],
      oninput: () => this.#actions.set(field, input.value),
      ...attributes,
    });
    return input;
  }

  #press(key) {
    const { value } = this.amount;
    const typed = key === null ? value.slice(0, -1) : value + key;
    this.#actions.set("amount", typed.slice(0, MOST_CHARACTERS.amount));
  }

  /* Updating */

  /** Show the present state. */
  draw(shown) {
    const { config, view } = shown;
    const isUsable = Boolean(view?.config_entry_id);
    const entry = view?.entries.find((each) => each.config_entry_id === view.config_entry_id);
    const presets = isUsable ? this.#presets(shown) : [];
    const isMissing = presets.some((preset) => !preset);
    const missing = isMissing ? [shown.texts.card("unknown_preset")] : [];
    say(this.heading, config.title ?? entry?.title ?? "Budgero");
    this.#drawNotices([...shown.notices, ...missing]);
    this.#drawChoice(isUsable ? [] : (view?.entries ?? []));
    show(this.body, isUsable);
    show(this.list, isUsable);
    if (!isUsable) return;
    const { values } = shown.form;
    const preset = view.presets.find((each) => each.preset === values.preset) ?? null;
    const account = find(view.accounts, values.account || preset?.account || view.default_account);
    this.#drawChips(shown, presets.filter(Boolean));
    this.#drawMoney(shown, preset, account);
    this.#drawTypes(shown, preset);
    this.#drawMore(shown, preset, account);
    this.#drawSending(shown);
    this.#drawRows(shown);
  }

  #drawNotices(texts) {
    const drawn = JSON.stringify(texts);
    if (drawn === this.#noticesDrawn) return;
    this.#noticesDrawn = drawn;
    this.notices.replaceChildren(...texts.map((text) => make("p", {}, text)));
  }

  /** Show the choice of entries if none is configured and there is no default one. */
  #drawChoice(entries) {
    show(this.choice, entries.length > 0);
    const drawn = JSON.stringify(entries);
    if (drawn === this.#choiceDrawn) return;
    this.#choiceDrawn = drawn;
    const chips = entries.map(({ config_entry_id: id, title }) => {
      const onclick = () => this.#actions.chooseEntry(id);
      return make("button", { type: "button", class: "chip", onclick }, title);
    });
    this.choice.replaceChildren(...chips);
  }

  /** Return the presets to show; `undefined` for one that does not exist. */
  #presets({ config, view }) {
    const { presets } = view;
    if (!Array.isArray(config.presets)) return presets;
    return config.presets.map((wanted) =>
      presets.find(({ preset, name }) => preset === wanted || name === wanted),
    );
  }

  #drawChips({ texts, form }, presets) {
    show(this.chips, presets.length > 0);
    put(this.chips, "aria-label", texts.card("presets"));
    for (const preset of presets) {
      const chip = this.#chip(preset);
      const isChosen = preset.preset === form.values.preset;
      say(chip, preset.name);
      put(chip, "data-logs", preset.has_amount ? "" : null);
      put(chip, "aria-pressed", preset.has_amount && !isChosen ? null : String(isChosen));
      put(chip, "data-chosen", isChosen ? "" : null);
      put(chip, "title", preset.has_amount ? texts.card("logs_at_once") : null);
      put(chip, "aria-disabled", form.sent ? true : null);
    }
    keepChildren(this.chips, presets.map(({ preset }) => this.#chips.get(preset).element));
  }

  /** Return the element of a preset, and give it the present preset. */
  #chip(preset) {
    let chip = this.#chips.get(preset.preset);
    if (!chip) {
      const onclick = () => this.#actions.tap(chip.preset);
      chip = { element: make("button", { type: "button", class: "chip", onclick }) };
      this.#chips.set(preset.preset, chip);
    }
    chip.preset = preset;
    return chip.element;
  }

  #drawMoney({ config, locale, texts, view, form }, preset, account) {
    const hasKeypad = config.keypad === "on" || (config.keypad !== "off" && isTablet());
    const { amount } = form.values;
    if (this.amount.value !== amount) this.amount.value = amount;
    put(this.amount, "inputmode", hasKeypad ? "none" : "decimal");
    put(this.amount, "placeholder", preset?.has_amount ? texts.card("amount_of_preset") : "0");
    say(this.caption, texts.card("amount"));
    say(this.unit, account?.currency ?? view.currency);
    show(this.keypad.element, hasKeypad);
    this.keypad.draw(texts, decimalMark(locale), account?.decimals ?? view.decimals);
  }

  #drawTypes({ texts, form }, preset) {
    const chosen = form.values.type ?? preset?.direction ?? "expense";
    put(this.typeGroup, "aria-label", texts.card("type"));
    for (const { type, radio, word } of this.types) {
      say(word, texts.card(type));
      radio.checked = type === chosen;
    }
  }

  #drawMore(shown, preset, account) {
    const { config, texts, form } = shown;
    const isWanted = (name) => !Array.isArray(config.fields) || config.fields.includes(name);
    show(this.more, FIELDS.some(isWanted));
    if (this.more.open !== form.isOpen) this.more.open = form.isOpen;
    say(this.summary, texts.card("more"));
    for (const field of this.fields) {
      say(field.caption, texts.card(field.name));
      show(field.element, isWanted(field.name));
      if (field instanceof Search) put(field.control, "placeholder", preset?.payee);
      if (field instanceof Choice) this.#offer(field, shown, preset, account);
      field.show(form.values[field.name]);
    }
  }

  /** Fill the list of accounts, or the list of categories in the account's budget. */
  #offer(field, { texts, view }, preset, account) {
    const isAccount = field.name === "account";
    const isHere = ({ budget }) => !account?.budget || !budget || budget === account.budget;
    const names = isAccount ? view.accounts : view.categories.filter(isHere);
    const titles = isAccount ? view.budgets : view.groups;
    const known = preset?.[field.name] ?? view[`default_${field.name}`];
    // The default category is not used for an account of another budget.
    const usual = isAccount || find(names, known) || !find(view.categories, known) ? known : null;
    const nothing = usual ? (find(names, usual)?.name ?? String(usual)) : texts.card("default");
    const groups = new Map([["", []]]);
    for (const each of names) {
      const title = find(titles, isAccount ? each.budget : each.group)?.name ?? "";
      const key = isAccount && titles.length < 2 ? "" : title;
      groups.set(key, [...(groups.get(key) ?? []), each]);
    }
    field.offer(nothing, groups);
  }

  /** Lock the form while a transaction is sent, because it must not change meanwhile. */
  #drawSending({ texts, form }) {
    const isLost = Boolean(form.sent) && !form.isSending;
    const again = texts.card("will_send_again");
    say(this.log, texts.card("log"));
    put(this.log, "aria-disabled", form.sent ? true : null);
    put(this.body, "inert", isLost ? "" : null);
    if (isLost && this.said.textContent !== again) this.tell(again);
    if (!isLost && this.said.textContent === again) this.tell("");
    say(this.stop, texts.card("give_up"));
    show(this.stop, isLost);
  }

  #drawRows(shown) {
    const now = Date.now();
    const isOver = ({ state, changed }) => SETTLED.includes(state) && now - changed > SETTLED_SHOWN;
    const entries = shown.entries
      .filter((entry) => !isOver(entry))
      .sort((one, other) => other.at - one.at)
      .slice(0, MOST_ROWS);
    for (const entry of entries) {
      this.#row(entry).draw(entry, this.labelOf(entry, shown), shown.texts, shown.view.is_admin);
    }
    keepChildren(this.list, entries.map((entry) => this.#row(entry).element));
    show(this.list, entries.length > 0);
    put(this.list, "aria-label", shown.texts.card("logged"));
  }

  #row({ message_id: id }) {
    if (!this.#rows.has(id)) this.#rows.set(id, new Row(() => this.#actions.takeBack(id)));
    return this.#rows.get(id);
  }

  /** Return the label of a logged transaction: as typed in this card, else its time. */
  labelOf(entry, { form, locale }) {
    const time = { hour: "numeric", minute: "2-digit" };
    if (["12", "24"].includes(locale.time_format)) time.hour12 = locale.time_format === "12";
    const at = new Date(entry.at * 1000);
    return form.labels[entry.message_id] ?? at.toLocaleTimeString(locale.language, time);
  }

  /** Show an error at the field that is wrong; `null` removes it. */
  fail(error, texts) {
    const wrong =
      error?.translation_key === "missing_amount"
        ? "amount"
        : error?.translation_placeholders?.field;
    say(this.error, error ? texts.error(error) : "");
    for (const { name, control } of [{ name: "amount", control: this.amount }, ...this.fields]) {
      put(control, "aria-invalid", name === wrong ? true : null);
      put(control, "aria-describedby", name === wrong ? "error" : null);
      if (name !== wrong) continue;
      if (name !== "amount") this.#actions.unfold(true);
      control.focus();
    }
  }
}
