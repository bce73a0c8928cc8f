// Every page loads this; the card itself comes with the first one shown.
const TYPE = "budgero-card";
const load = () => import("./card.js" + new URL(import.meta.url).search);
const cards = (window.customCards ??= []);

if (!cards.some((card) => card.type === TYPE)) {
  cards.push({
    type: TYPE,
    name: "Budgero",
    description: "Log money in three taps",
    preview: true,
    getEntitySuggestion: (hass, id) =>
      hass.entities[id]?.platform === "budgero" ? { config: { type: "custom:" + TYPE } } : null,
  });
}

class Shell extends HTMLElement {
  static getStubConfig = () => ({});
  static getConfigForm = async () => (await load()).configForm();
  getCardSize = () => 4;
  getGridOptions = () => ({ columns: 12, min_columns: 6, rows: "auto" });

  #known = {};
  #card;

  #set(change) {
    Object.assign(this.#known, change);
    this.#card?.update(this.#known);
  }

  setConfig(config) {
    this.#set({ config });
  }
  set hass(hass) {
    this.#set({ hass });
  }
  set preview(preview) {
    this.#set({ preview });
  }
  async connectedCallback() {
    this.#set({ isShown: true });
    const { Card } = await load();
    this.#card ??= new Card(this.attachShadow({ mode: "open" }));
    this.#set({});
  }
  disconnectedCallback() {
    this.#set({ isShown: false });
  }
}

// Home Assistant 2026.10 replaces the registry while it starts.
customElements.whenDefined("home-assistant").then(() => {
  customElements.get(TYPE) ?? customElements.define(TYPE, Shell);
});
