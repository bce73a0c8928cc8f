/**
 * A whole view of a dashboard: the card, the queue, its history and the last events.
 *
 * Entity ids depend on the language in which an entry was added, so Home Assistant is asked for
 * them.
 */

const load = (name) => import(`./${name}.js${new URL(import.meta.url).search}`);
const { loadTexts } = await load("texts");

const DOMAIN = "budgero";
const REPAIRS = "/config/repairs";
const HISTORY_HOURS = 24;
const EVENT_HOURS = 72;
const QUEUE = ["waiting", "pending", "processed", "failed"];
const EVENTS = ["transaction", "problem", "connection"];

/**
 * Return the view.
 *
 * @param {{config_entry_id?: string}} strategy - without an id it is the default entry, and
 *   if there is none, every entry
 * @param {object} hass
 */
export async function view({ config_entry_id: id }, hass) {
  const [first, text] = await Promise.all([ask(hass, id), texts(hass)]);
  const entries = first && !first.config_entry_id ? first.entries : [];
  const sections = entries.length
    ? await Promise.all(entries.map((entry) => shown(hass, text, entry)))
    : [parts(hass, text, first, id)];
  return { type: "sections", max_columns: 3, sections: sections.flat() };
}

/** Return the integration's view of an entry; `null` without an answer. */
function ask(hass, id) {
  const entry = id ? { config_entry_id: id } : {};
  return hass.callWS({ type: `${DOMAIN}/card`, ...entry }).catch(() => null);
}

/** Return the sections of one of several entries, with its title. */
async function shown(hass, text, { config_entry_id: id, title }) {
  const named = (key) => `${text(key)} · ${title}`;
  return parts(hass, named, await ask(hass, id), id);
}

/** Return the sections of an entry; without an answer there is only the card, which says why. */
function parts(hass, text, answer, id) {
  const card = { type: "custom:budgero-card", ...(id && { config_entry_id: id }) };
  if (!answer?.entities) return [grid(card)];
  const { components } = hass.config;
  const history = components.includes("history") ? past(answer, text) : [];
  const sections = [grid(card), grid(...queue(answer, text), ...history)];
  if (components.includes("logbook")) sections.push(grid(...events(answer, text)));
  return sections;
}

/** The cards with the numbers of transactions; disabled entities are left out. */
function queue({ entities, is_admin }, text) {
  const problem = {
    color: "red",
    state_content: "reason",
    tap_action: is_admin ? { action: "navigate", navigation_path: REPAIRS } : { action: "more-info" },
    visibility: [{ condition: "state", entity: entities.problem, state: "on" }],
    grid_options: { columns: "full" },
  };
  const press = {
    action: "perform-action",
    perform_action: "button.press",
    target: { entity_id: entities.send_now },
  };
  return [
    heading(text("view_queue"), "mdi:tray-full"),
    ...QUEUE.map((key) => tile(entities[key])),
    tile(entities.problem, problem),
    tile(entities.connection),
    tile(entities.send_now, { hide_state: true, tap_action: press, icon_tap_action: press }),
  ];
}

/** The card with the history of these numbers. */
function past({ entities }, text) {
  const shown = QUEUE.map((key) => entities[key]).filter(Boolean);
  if (!shown.length) return [];
  return [
    heading(text("view_history"), "mdi:chart-line"),
    { type: "history-graph", hours_to_show: HISTORY_HOURS, entities: shown },
  ];
}

/** The card with what apps have applied or refused, and with problems and connection. */
function events({ entities }, text) {
  const shown = EVENTS.map((key) => entities[key]).filter(Boolean);
  if (!shown.length) return [];
  return [
    heading(text("view_events"), "mdi:format-list-bulleted"),
    { type: "logbook", hours_to_show: EVENT_HOURS, target: { entity_id: shown } },
  ];
}

/* Cards */

const grid = (...cards) => ({ type: "grid", cards: cards.filter(Boolean) });
const heading = (heading, icon) => ({ type: "heading", heading, icon });
const tile = (entity, options) => entity && { type: "tile", entity, name: { type: "entity" }, ...options };

/** Return the texts in the user's language. */
async function texts(hass) {
  const localize = await loadTexts(hass, "common").catch(() => () => "");
  return (key) => localize(`component.${DOMAIN}.common.${key}`) || key;
}
