/** The form of the card's settings. */

const load = (name) => import(`./${name}.js${new URL(import.meta.url).search}`);
const { FIELDS } = await load("form");
const { VERSION } = await load("link");
const { Texts } = await load("texts");

const DOMAIN = "budgero";
const KEYPAD_CHOICES = ["auto", "on", "off"];

/** Return the fields of the settings; Home Assistant shows the form. */
export async function configForm() {
  // Home Assistant passes no `hass` here.
  const { hass } = document.querySelector("home-assistant");
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
