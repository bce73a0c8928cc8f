/**
 * One card: what it knows, and what a tap does. `face.js` shows it.
 *
 * Other modules are loaded with the `?v=` of this one. A static import would lose it, and browsers
 * would use old files for up to a month.
 */

const load = (name) => import(`./${name}.js${new URL(import.meta.url).search}`);
const [{ Face }, { Form }, { Link, VERSION, isUndecided, perform }, { Texts }] =
  await Promise.all(["face", "form", "link", "texts"].map(load));

const DOMAIN = "budgero";
const UNDO_SECONDS = 6;
const TICK = 500; // ms
const RECENT = 65_000; // ms after which nothing in a row changes by itself
const SEND_AGAIN = 5000; // ms
const MOST_PAYEES = 20;

/**
 * Errors for a message id of another transaction: the form was changed after that one had been
 * logged, or a copy of this tab has used the id.
 */
const USED = ["different_content", "too_many_guesses"];

/**
 * What Home Assistant sent last. After its restart the page makes new elements, and the integration
 * needs a moment to answer; meanwhile the cards show this.
 */
const views = new Map();

/** Return the form of the card's settings. */
export async function configForm() {
  return (await load("editor")).configForm();
}

/** Return a whole view of a dashboard. */
export async function view(...given) {
  return (await load("view")).view(...given);
}

/** Return whether an element is in the picker or an editor, some of which set no preview. */
function isInDialog(element) {
  for (let node = element; node; node = node.parentNode ?? node.host) {
    if (/^HUI-(CARD-PICKER|DIALOG-)/.test(node.tagName ?? "")) return true;
  }
  return false;
}

/** The content of one card. */
export class Card {
  #host;
  #face;
  #texts = new Texts();
  #isReady = false;

  /** What the shell passed last. */
  #told = [];
  #config = null;
  #hass = null;
  #isPreview = false;

  /** The form with what is typed and was logged, and the line to Home Assistant. */
  #form = null;
  #formKey = "";
  #entries = new Map();
  #view = null;
  #problem = null;

  #link = null;
  #linkKey = "";
  #clock = 0;
  #retry = 0;

  /** @param {ShadowRoot} root */
  constructor(root) {
    this.#host = root.host;
    this.#face = new Face(root, {
      set: (field, value) => this.#form.set(field, value),
      unfold: (isOpen) => this.#form?.unfold(isOpen),
      tap: (preset) => this.#tap(preset),
      log: () => this.#log(),
      giveUp: () => this.#giveUp(),
      takeBack: (id) => this.#takeBack(id),
      chooseEntry: (id) => this.#chooseEntry(id),
      searchPayees: (text) => this.#searchPayees(text),
    });
  }

  /** Take Home Assistant's objects; called at every change of any state. */
  update({ config, hass, preview, isShown }) {
    if (!config || !hass) return;
    const earlier = this.#hass;
    this.#hass = hass;
    const told = [config, preview, isShown, hass.locale];
    if (told.some((each, at) => each !== this.#told[at])) {
      this.#told = told;
      this.#config = config;
      this.#isPreview = Boolean(preview) || isInDialog(this.#host);
      this.#follow(isShown);
      this.#draw();
    }
    const isBack = earlier?.connected === false && hass.connected;
    if (hass.language !== earlier?.language || isBack) this.#loadTexts();
  }

  async #loadTexts() {
    await this.#texts.load(this.#hass);
    this.#isReady = true;
    this.#draw();
  }

  /** Choose the form, and open, change or close the line to the entry. */
  #follow(isShown) {
    const { config_entry_id: configured, title, presets, fields } = this.#config;
    const key = JSON.stringify([this.#hass.user?.id, configured, title, presets, fields]);
    this.#chooseForm(this.#isPreview ? "" : `${DOMAIN}-card ${key}`);
    const entryId = configured ?? this.#form.entryId;
    const linkKey = isShown ? JSON.stringify([entryId, this.#isPreview]) : "";
    if (linkKey === this.#linkKey) return;
    this.#linkKey = linkKey;
    this.#close();
    if (!isShown) return;
    this.#view = views.get(linkKey) ?? null;
    this.#open(entryId);
  }

  #chooseForm(key) {
    if (this.#form && key === this.#formKey) return;
    this.#formKey = key;
    this.#form?.removeEventListener("change", this.#draw);
    this.#form = Form.of(key);
    this.#form.addEventListener("change", this.#draw);
  }

  #open(entryId) {
    this.#clock = setInterval(this.#tick, TICK);
    this.#link = new Link(this.#hass.connection, entryId, this.#isPreview, {
      view: (view) => this.#takeView(view),
      entry: (entry) => this.#takeEntry(entry),
      problem: (error, isLasting) => this.#takeProblem(error, isLasting),
    });
  }

  #close() {
    this.#link?.close();
    this.#link = null;
    clearInterval(this.#clock);
    clearTimeout(this.#retry);
  }

  #takeView(view) {
    views.set(this.#linkKey, view);
    this.#view = view;
    this.#problem = null;
    this.#form.keepTo(view.presets ?? []);
    if (!this.#isPreview) view.mine?.forEach((entry) => this.#keep(entry));
    this.#draw();
    if (!this.#isPreview) this.#sendAgain();
  }

  #takeEntry(entry) {
    this.#keep(entry);
    this.#draw();
  }

  #takeProblem(error, isLasting) {
    // During a restart of Home Assistant the last view stays; a lasting error has a code.
    if (isUndecided(error) && this.#view && !(isLasting && error.code)) return;
    views.delete(this.#linkKey);
    this.#problem = error;
    this.#view = null;
    this.#draw();
  }

  /** Remember the present state of a logged transaction. */
  #keep(entry) {
    const earlier = this.#entries.get(entry.message_id);
    const undoUntil = Date.now() + 1000 * (entry.can_take_back_for ?? 0);
    const changed = earlier?.state === entry.state ? earlier.changed : Date.now();
    this.#entries.set(entry.message_id, { ...earlier, ...entry, undoUntil, changed });
  }

  #change(id, values) {
    this.#entries.set(id, { ...this.#entries.get(id), ...values });
    this.#draw();
  }

  /* Showing */

  get #shown() {
    return {
      config: this.#config,
      locale: this.#hass.locale,
      texts: this.#texts,
      view: this.#view,
      form: this.#form,
      entries: [...this.#entries.values()],
      notices: this.#notices(),
    };
  }

  #draw = () => {
    if (this.#isReady) this.#face.draw(this.#shown);
  };

  /** Count down the seconds for an undo, and remove rows that are settled. */
  #tick = () => {
    const now = Date.now();
    const isMoving = ({ undoUntil, changed }) => now < undoUntil + TICK || now < changed + RECENT;
    if ([...this.#entries.values()].some(isMoving)) this.#draw();
  };

  #notices() {
    const view = this.#view;
    const notices = this.#isPreview ? [this.#texts.card("preview")] : [];
    if (this.#problem) notices.push(this.#explain(this.#problem));
    if (!view) return notices;
    if (view.version !== VERSION) {
      const versions = { card: VERSION, integration: view.version };
      notices.push(this.#texts.card("versions", versions));
    }
    if (!view.entries.length) notices.push(this.#texts.card("not_set_up"));
    else if (!view.config_entry_id) notices.push(this.#texts.card("choose_entry"));
    return notices;
  }

  #explain(error) {
    if (error.code === "unknown_command") return this.#texts.card("restart");
    // What is configured as an id cannot be one.
    if (error.code === "invalid_format") return this.#texts.error({ translation_key: "unknown_entry" });
    return isUndecided(error) ? this.#texts.card("no_connection") : this.#texts.error(error);
  }

  /* Acting */

  #chooseEntry(id) {
    this.#form.entryId = id;
    this.#form.save();
    this.#follow(true);
  }

  /** Use a preset; one with an amount is logged at once, unless something was typed. */
  #tap(preset) {
    const form = this.#form;
    if (form.sent || form.isDoubleTap(preset.preset)) return;
    if (preset.has_amount && form.isUntouched) {
      form.values.preset = preset.preset;
      this.#hand();
      return;
    }
    form.set("preset", form.values.preset === preset.preset ? null : preset.preset);
    if (form.values.preset) this.#face.focusAmount();
  }

  /** Log what is typed in the form; a second tap finds the form empty. */
  #log() {
    const form = this.#form;
    if (form.sent || (form.isUntouched && form.isQuiet)) return;
    this.#hand();
  }

  #hand() {
    const form = this.#form;
    this.#face.fail(null, this.#texts);
    if (this.#isPreview) {
      form.set("preset", null);
      this.#face.tell(this.#texts.card("preview"));
      return;
    }
    const { config_entry_id, accounts } = this.#view;
    // An account of another budget is refused unless its budget is sent as well.
    const account = accounts.find(({ id }) => String(id) === String(form.values.account));
    form.isSending = true;
    form.hand({ config_entry_id, undo: true, ...(account?.budget && { budget: account.budget }) });
    this.#send(form);
  }

  /** Send again what has no answer yet. */
  #sendAgain() {
    const form = this.#form;
    if (!form.sent || form.isSending) return;
    form.isSending = true;
    this.#draw();
    this.#send(form);
  }

  /** Send a transaction to Home Assistant until it answers, with the same message id. */
  async #send(form) {
    clearTimeout(this.#retry);
    try {
      const answer = await perform(this.#hass, "add_transaction", form.sent);
      form.isSending = false;
      this.#logged(form, answer);
    } catch (error) {
      form.isSending = false;
      if (isUndecided(error)) this.#retry = setTimeout(() => this.#sendAgain(), SEND_AGAIN);
      else this.#refused(form, error);
    }
    this.#draw();
  }

  #logged(form, answer) {
    const { message_id: id, preset, amount, payee } = form.sent;
    const name = this.#view?.presets.find((each) => each.preset === preset)?.name;
    const hasCurrency = /[^\d\s.,'’]/.test(amount);
    const money = amount && (hasCurrency ? amount : `${amount} ${this.#face.currency}`);
    const label = [money, payee ?? name].filter(Boolean).join(" · ");
    const now = Date.now();
    const told = {
      message_id: id,
      state: answer.state ?? answer.status,
      hold: answer.hold ?? null,
      at: now / 1000,
      changed: now,
      undoUntil: now + (answer.status === "waiting" ? UNDO_SECONDS * 1000 : 0),
    };
    // The subscription may already have sent a newer state.
    this.#entries.set(id, { ...told, ...this.#entries.get(id) });
    form.finish(label);
    this.#face.announce(this.#texts.card("was_logged", { what: label }));
  }

  #refused(form, error) {
    if (USED.includes(error.translation_key)) {
      form.separate();
      this.#face.fail({ message: this.#texts.card("logged_before") }, this.#texts);
      return;
    }
    form.takeBack();
    this.#face.fail(error, this.#texts);
  }

  /** Stop repeating; the form keeps what is typed and the message id. */
  #giveUp() {
    clearTimeout(this.#retry);
    this.#form.takeBack();
  }

  async #takeBack(id) {
    if (this.#entries.get(id).isAsking) return;
    this.#change(id, { isAsking: true });
    try {
      this.#tookBack(id, await this.#link.takeBack(this.#view.config_entry_id, id));
    } catch (error) {
      this.#face.tell(this.#explain(error));
    }
    this.#change(id, { isAsking: false });
  }

  #tookBack(id, { outcome, translation_key }) {
    const what = this.#face.labelOf(this.#entries.get(id), this.#shown);
    const isLate = outcome === "too_late";
    if (outcome === "taken_back") this.#change(id, { state: "removed", changed: Date.now() });
    this.#face.tell(
      isLate ? this.#texts.error({ translation_key }) : this.#texts.card(outcome, { what }),
    );
  }

  async #searchPayees(search) {
    const { config_entry_id, may_see_payees } = this.#view;
    if (!may_see_payees) return [];
    try {
      const query = { config_entry_id, kind: "payee", search };
      const { payees } = await perform(this.#hass, "get_names", query);
      return [...new Set(payees.map(({ name }) => name))].slice(0, MOST_PAYEES);
    } catch {
      return []; // a payee may be typed without suggestions
    }
  }
}
