/** The styles of the card. */

export const STYLE = `
:host { display: block; }
[hidden] { display: none !important; }
ha-card {
  display: flex;
  flex-direction: column;
  gap: 12px;
  padding: 16px;
  height: 100%;
  box-sizing: border-box;
  color: var(--primary-text-color);
}
form { display: contents; }
h2 {
  margin: 0;
  font-size: var(--ha-font-size-l, 16px);
  font-weight: var(--ha-font-weight-medium, 500);
  overflow-wrap: anywhere;
}
p { margin: 0; overflow-wrap: anywhere; }
.notices { display: contents; }
.notices p, .error, .said, .hold { font-size: var(--ha-font-size-m, 14px); line-height: 1.4; }
.notices p {
  padding: 8px 12px;
  border: 1px solid var(--warning-color);
  border-radius: var(--ha-border-radius-lg, 12px);
}
.error {
  padding-inline-start: 12px;
  border-inline-start: 4px solid var(--error-color);
}
.said, .caption, .state, .hold { color: var(--secondary-text-color); }
.chips { display: flex; flex-wrap: wrap; gap: 8px; }
button, summary, select, input {
  font: inherit;
  color: inherit;
  box-sizing: border-box;
}
button, summary, .types label { cursor: pointer; touch-action: manipulation; }
button {
  min-height: 48px;
  padding: 0 16px;
  border: 1px solid var(--divider-color);
  border-radius: var(--ha-border-radius-lg, 12px);
  background: none;
}
button:hover { background: color-mix(in srgb, var(--primary-color) 8%, transparent); }
button[aria-disabled="true"], button:disabled { cursor: default; border-style: dashed; }
.chip { border-radius: 24px; padding-block: 8px; max-width: 100%; overflow-wrap: anywhere; }
.chip[data-logs], .log { border-color: var(--primary-color); background: color-mix(in srgb, var(--primary-color) 14%, transparent); }
.chip[data-logs]::before { content: "+ "; }
.chip[data-chosen] { border: 2px solid var(--primary-color); padding: 7px 15px; }
.entry {
  display: flex;
  gap: 8px;
  position: sticky;
  top: calc(var(--header-height, 56px) + env(safe-area-inset-top, 0px));
  z-index: 1;
  background: var(--ha-card-background, var(--card-background-color, inherit));
}
.money {
  display: flex;
  flex: 1;
  min-width: 0;
  align-items: center;
  border: 1px solid var(--secondary-text-color);
  border-radius: var(--ha-border-radius-lg, 12px);
  background: var(--ha-color-form-background, transparent);
}
.amount {
  flex: 1;
  min-width: 0;
  height: 56px;
  padding: 0 12px;
  border: 0;
  border-radius: inherit;
  background: none;
  font-size: 28px;
  outline: none;
}
.amount::placeholder { color: var(--secondary-text-color); opacity: 1; }
.unit { padding-inline-end: 12px; }
.money:focus-within, :focus-visible { outline: 2px solid var(--primary-text-color); outline-offset: 1px; }
.money .amount:focus-visible { outline: none; }
.log { min-width: 88px; font-weight: var(--ha-font-weight-medium, 500); }
.unseen, .types input {
  position: absolute;
  width: 1px;
  height: 1px;
  margin: -1px;
  overflow: hidden;
  clip-path: inset(50%);
}
.keypad { direction: ltr; display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; }
.keypad button { min-height: 56px; padding: 0; font-size: 22px; }
.types { display: flex; position: relative; }
.types label { flex: 1; }
.types span {
  display: flex;
  justify-content: center;
  align-items: center;
  min-height: 44px;
  border: 1px solid var(--divider-color);
}
.types label:first-child span { border-start-start-radius: 12px; border-end-start-radius: 12px; }
.types label:last-child span { border-start-end-radius: 12px; border-end-end-radius: 12px; }
.types :checked + span { border-color: var(--primary-color); box-shadow: inset 0 0 0 1px var(--primary-color); background: color-mix(in srgb, var(--primary-color) 14%, transparent); }
.types :focus-visible + span { outline: 2px solid var(--primary-text-color); outline-offset: 1px; }
summary { min-height: 44px; display: flex; align-items: center; gap: 8px; }
summary::before { content: "▸"; }
[open] > summary::before { content: "▾"; }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 200px), 1fr)); gap: 12px; padding-top: 4px; }
.field { display: flex; flex-direction: column; gap: 4px; min-width: 0; }
.caption { font-size: var(--ha-font-size-s, 12px); }
.field input, .field select {
  width: 100%;
  height: 48px;
  padding: 0 12px;
  border: 1px solid var(--secondary-text-color);
  border-radius: var(--ha-border-radius-lg, 12px);
  background: var(--ha-color-form-background, var(--card-background-color));
  font-size: 16px;
}
.field input::placeholder { color: var(--secondary-text-color); opacity: 1; }
option, optgroup { color: var(--primary-text-color); background: var(--card-background-color); }
[aria-invalid="true"] { border-color: var(--error-color) !important; }
.search { position: relative; }
.suggestions {
  position: absolute;
  z-index: 2;
  inset-inline: 0;
  max-height: 200px;
  overflow-y: auto;
  border: 1px solid var(--secondary-text-color);
  border-radius: var(--ha-border-radius-lg, 12px);
  background: var(--card-background-color);
}
.suggestions li { min-height: 44px; padding: 0 12px; cursor: pointer; overflow-wrap: anywhere; display: flex; align-items: center; }
.suggestions li:hover, .suggestions [aria-selected="true"] { background: color-mix(in srgb, var(--primary-color) 14%, transparent); }
ul { list-style: none; margin: 0; padding: 0; }
.rows li { display: flex; align-items: center; gap: 12px; padding: 8px 0; border-top: 1px solid var(--divider-color); }
.told { display: flex; flex: 1; flex-direction: column; min-width: 0; overflow-wrap: anywhere; }
.hold a { color: var(--primary-text-color); }
@media (forced-colors: active) { .types :checked + span { outline: 2px solid; } }
@media (prefers-reduced-motion: no-preference) { button { transition: background-color 120ms; } }
`;
