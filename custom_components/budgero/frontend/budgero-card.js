// Every page loads this; the first card loads the rest.
const TYPE = "budgero-card";
const load = () => import("./card.js" + new URL(import.meta.url).search);

(window.customCards ??= []).some((card) => card.type === TYPE) ||
  customCards.push({
    type: TYPE,
    name: "Budgero",
    description: "Log money in three taps",
    preview: true,
    getEntitySuggestion: (hass, id) =>
      hass.entities[id]?.platform === "budgero" ? { config: { type: "custom:" + TYPE } } : null,
  });

class Shell extends HTMLElement {
  static getStubConfig = () => ({});
  static getConfigForm = async () => (await load()).configForm();
  static generate = async (...all) => (await load()).view(...all);
  getCardSize = () => 4;
  getGridOptions = () => ({ min_columns: 6 });

  #known = {};
  #card;
  #set(change) {
    Object.assign(this.#known, change);
    this.#card?.update(this.#known);
  }

  setConfig = (config) => this.#set({ config });
  set hass(hass) { this.#set({ hass }); }
  set preview(preview) { this.#set({ preview }); }
  async connectedCallback() {
    this.#set({ isShown: true });
    const { Card } = await load();
    this.#card ??= new Card(this.attachShadow({ mode: "open" }));
    this.#set();
  }
  disconnectedCallback() { this.#set({ isShown: false }); }
}

// 2026.10 replaces the registry while it starts.
customElements.whenDefined("home-assistant").then(() => {
  for (const tag of [TYPE, "ll-strategy-view-budgero"])
    customElements.get(tag) ?? customElements.define(tag, class extends Shell {});
});
