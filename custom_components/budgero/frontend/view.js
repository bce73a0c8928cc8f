/**
 * A whole view of a dashboard: the card, the queue, its history and the last events.
 *
 * Entity ids follow the language in which an entry was added, so Home Assistant is asked
 * for them.
 */

const DOMAIN = "budgero";
const REPAIRS = "/config/repairs";
const HISTORY_HOURS = 24;
const EVENT_HOURS = 72;
const QUEUE = ["waiting", "pending", "processed", "failed"];

/**
 * Return the view.
 *
 * @param {{config_entry_id?: string}} strategy - without an id it is the default entry
 * @param {object} hass
 */
export async function view(strategy, hass) {
  const entry = strategy.config_entry_id ? { config_entry_id: strategy.config_entry_id } : {};
  const answer = await hass.callWS({ type: `${DOMAIN}/card`, ...entry }).catch(() => null);
  const sections = [grid({ type: "custom:budgero-card", ...entry })];
  // Without an entry, or an answer, the card says why.
  if (answer?.entities) {
    const text = await texts(hass);
    const { components } = hass.config;
    const history = components.includes("history") ? past(answer, text) : [];
    sections.push(grid(...queue(answer, text), ...history));
    if (components.includes("logbook")) sections.push(grid(...events(answer, text)));
  }
  return { type: "sections", max_columns: 3, sections };
}

/** Where the transactions are; entities that somebody has disabled are left out. */
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

/** How many there were. */
function past({ entities }, text) {
  const shown = QUEUE.map((key) => entities[key]).filter(Boolean);
  if (!shown.length) return [];
  return [
    heading(text("view_history"), "mdi:chart-line"),
    { type: "history-graph", hours_to_show: HISTORY_HOURS, entities: shown },
  ];
}

/** What an app has applied or refused. */
function events({ entities }, text) {
  if (!entities.transaction) return [];
  return [
    heading(text("view_events"), "mdi:format-list-bulleted"),
    { type: "logbook", hours_to_show: EVENT_HOURS, target: { entity_id: [entities.transaction] } },
  ];
}

/* Cards */

const grid = (...cards) => ({ type: "grid", cards: cards.filter(Boolean) });
const heading = (heading, icon) => ({ type: "heading", heading, icon });
const tile = (entity, options) => entity && { type: "tile", entity, name: { type: "entity" }, ...options };

/** Return the texts in the user's language. */
async function texts(hass) {
  const localize = await hass.loadBackendTranslation("common", DOMAIN).catch(() => () => "");
  return (key) => localize(`component.${DOMAIN}.common.${key}`) || key;
}
