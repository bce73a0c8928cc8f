/** What is typed into the cards. */

/** The fields in the part that can be folded. */
export const FIELDS = ["payee", "category", "account", "date", "memo"];

const MOST_LABELS = 6;
const DOUBLE_TAP = 1000; // ms in which a second tap on the same button counts as the same one

/** Return a new message id; `crypto.randomUUID` is missing on plain http. */
function newMessageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * What is typed into the cards with one configuration.
 *
 * It lives outside the element, because Home Assistant makes new elements after its restart. It
 * is stored for the tab, because a phone may reload the page then.
 */
export class Form extends EventTarget {
  static #known = new Map();
  #key;
  #tapped = null;

  /** Return the form of a configuration; without a key, a new one that is not shared. */
  static of(key) {
    if (!key) return new Form("");
    if (!Form.#known.has(key)) Form.#known.set(key, new Form(key));
    return Form.#known.get(key);
  }

  constructor(key) {
    super();
    this.#key = key;
    this.isSending = false;
    this.quietUntil = 0;
    const [empty, kept] = [Form.#empty(), this.#load()];
    // The card of an earlier version may have kept fewer fields.
    Object.assign(this, empty, kept, { values: { ...empty.values, ...kept?.values } });
  }

  static #empty() {
    const values = { preset: null, type: null, amount: "" };
    for (const field of FIELDS) values[field] = "";
    return {
      messageId: newMessageId(),
      values,
      isOpen: false,
      sent: null, // the transaction that is sent and not answered yet
      labels: {}, // of the transactions that were logged with this form
      entryId: null, // id of the entry that was chosen in the card
    };
  }

  #load() {
    try {
      return JSON.parse((this.#key && sessionStorage.getItem(this.#key)) || "{}");
    } catch {
      return {};
    }
  }

  /** Store the form and update every card that shows it. */
  save() {
    const { messageId, values, isOpen, sent, labels, entryId } = this;
    try {
      const kept = JSON.stringify({ messageId, values, isOpen, sent, labels, entryId });
      if (this.#key) sessionStorage.setItem(this.#key, kept);
    } catch {
      // The browser stores nothing: the form is lost with the page.
    }
    this.dispatchEvent(new Event("change"));
  }

  /** Whether something was tapped or logged a moment ago. */
  get isQuiet() {
    return Date.now() < this.quietUntil;
  }

  /** Remember a tap on a preset; return whether it is the second one of a double tap. */
  isDoubleTap(preset) {
    const isDouble = this.isQuiet && preset === this.#tapped;
    this.#tapped = preset;
    if (!isDouble) this.quietUntil = Date.now() + DOUBLE_TAP;
    return isDouble;
  }

  get isUntouched() {
    return Object.values(this.values).every((value) => !value);
  }

  set(field, value) {
    this.values[field] = value;
    this.save();
  }

  /** Unselect a preset that does not exist any more. */
  keepTo(presets) {
    const { preset: chosen } = this.values;
    if (this.sent || !chosen || presets.some(({ preset }) => preset === chosen)) return;
    this.set("preset", null);
  }

  unfold(isOpen) {
    if (this.isOpen === isOpen) return;
    this.isOpen = isOpen;
    this.save();
  }

  /** Make a transaction of what is typed, with the message id of this form. */
  hand(more) {
    const typed = Object.entries(this.values).filter(([, value]) => value);
    this.sent = { ...more, message_id: this.messageId, ...Object.fromEntries(typed) };
    this.save();
  }

  /** Unlock the form: nothing was logged; the message id stays the same. */
  takeBack() {
    this.sent = null;
    this.save();
  }

  /** Take a new message id, because what is typed is another transaction than before. */
  separate() {
    this.messageId = newMessageId();
    this.takeBack();
  }

  /**
   * Empty the form for a new transaction; remember the label of the last one.
   *
   * What was typed after the last one was handed over stays.
   */
  finish(label) {
    const labels = Object.entries({ ...this.labels, [this.sent.message_id]: label });
    const { messageId, values } = Form.#empty();
    for (const [field, value] of Object.entries(this.values)) {
      if (value && value !== this.sent[field]) values[field] = value;
    }
    this.labels = Object.fromEntries(labels.slice(-MOST_LABELS));
    Object.assign(this, { messageId, values, sent: null });
    this.quietUntil = Date.now() + DOUBLE_TAP;
    this.save();
  }
}
