/** The texts in the user's language. */

const DOMAIN = "budgero";
const FIELDS = ["amount", "type", "payee", "category", "account", "date", "memo"];

/** The texts in the user's language, from the integration's translations. */
export class Texts {
  #localize = () => "";

  /** Load the texts; without Home Assistant the keys are shown instead. */
  async load(hass) {
    try {
      await hass.loadBackendTranslation("exceptions", DOMAIN);
      await hass.loadBackendTranslation("entity", DOMAIN);
      this.#localize = await hass.loadBackendTranslation("common", DOMAIN);
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
