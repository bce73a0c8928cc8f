/** The rows with the state of logged transactions. */

const load = (name) => import(`./${name}.js${new URL(import.meta.url).search}`);
const { make, put, say } = await load("elements");

/** One transaction, with its button. */
export class Row {
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
