/** The texts in the user's language. */

const DOMAIN = "budgero";
const FIELDS = ["amount", "type", "payee", "category", "account", "date", "memo"];

/** The categories of texts, and one text of each. */
const CATEGORIES = {
  exceptions: "closed.message",
  entity: "sensor.waiting.name",
  common: "card_log",
};
const FIRST_PAUSE = 20; // ms
const LAST_PAUSE = 2000; // ms

/**
 * Load a category of texts; return the function that finds them.
 *
 * While another card loads the same ones Home Assistant returns at once, without them.
 */
export async function loadTexts(hass, category) {
  const key = `component.${DOMAIN}.${category}.${CATEGORIES[category]}`;
  for (let pause = FIRST_PAUSE; ; pause *= 2) {
    const localize = await hass.loadBackendTranslation(category, DOMAIN);
    if (localize(key) || pause > LAST_PAUSE) return localize;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** The texts in the user's language, from the integration's translations. */
export class Texts {
  #localize = () => "";

  /** Load the texts; without Home Assistant the keys are shown instead. */
  async load(hass) {
    try {
      for (const category of Object.keys(CATEGORIES)) {
        this.#localize = await loadTexts(hass, category);
      }
    } catch {
      // The connection is lost; they are loaded when it is back or the language changes.
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

  /** Return the text of an error. */
  error(error) {
    const { translation_key: key, translation_placeholders: values } = error;
    const code = key ?? error.code;
    const named = values?.field ? { ...values, field: this.#field(values.field) } : values;
    const text = this.#localize(`component.${DOMAIN}.exceptions.${code}.message`, named);
    return text || error.message || this.card("failed_to_log");
  }

  #field(name) {
    return FIELDS.includes(name) ? this.card(name) : name;
  }
}
