/**
 * The requests to Home Assistant, and its answers.
 *
 * @typedef {object} Preset
 * @property {string} preset - id of its device
 * @property {string} name
 * @property {"expense" | "income"} direction
 * @property {boolean} has_amount - whether a tap logs it at once
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
 * @property {string | null} hold - why it is not sent
 * @property {number | null} can_take_back_for - seconds in which taking back is certain
 * @property {number} at - when it was logged, in seconds since the epoch
 *
 * @typedef {object} View - what a card shows of one Budgero entry
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
const FIRST_RETRY = 1000; // ms
const LAST_RETRY = 32_000; // ms; Home Assistant may take that long to start

/** The version in manifest.json. */
export const VERSION = "0.1.0";

/**
 * Return whether a call must be repeated: its result is unknown, or it came too early.
 *
 * Without a connection the frontend rejects with the bare number 3. A call that was under way
 * when the connection was lost is rejected with an object that has this number as its code.
 */
export function isUndecided(error) {
  const code = typeof error === "number" ? error : (error?.error?.code ?? error?.code);
  return typeof code === "number" || ["not_found", "unknown_command", "timeout"].includes(code);
}

/** The connection to one Budgero entry: its view, and its changes. */
export class Link {
  #connection;
  #ask = null;
  #end = null;
  #turn = 0;
  #timer = 0;
  #pause = FIRST_RETRY;

  /** @param {{view, entry, problem}} tell - callbacks for what Home Assistant sends */
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

  /** Take back what this user has logged; return what became of it. */
  takeBack(entryId, messageId) {
    const type = `${DOMAIN}/card/take_back`;
    const message = { type, config_entry_id: entryId, message_id: messageId, version: VERSION };
    return this.#connection.sendMessagePromise(message);
  }

  #stop() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#end?.().catch(() => {}); // it has ended with the connection already
    this.#end = null;
  }

  #begin = async () => {
    this.#stop();
    const turn = this.#turn;
    const isCurrent = () => turn === this.#turn;
    try {
      let view = await this.#connection.sendMessagePromise(this.#ask);
      if (!isCurrent()) return;
      if (view.config_entry_id && !this.isPreview) {
        await this.#subscribe(view.config_entry_id, isCurrent);
        if (!isCurrent()) return;
        // What has changed before the subscription is in none of its events.
        view = await this.#connection.sendMessagePromise(this.#ask);
        if (!isCurrent()) return;
        this.#pause = FIRST_RETRY;
      } else {
        this.#again();
      }
      this.tell.view(view);
    } catch (error) {
      if (!isCurrent()) return;
      this.tell.problem(error, this.#pause === LAST_RETRY);
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
export async function perform(hass, action, data) {
  const answer = await hass.callService(DOMAIN, action, data, undefined, false, true);
  return answer.response;
}
