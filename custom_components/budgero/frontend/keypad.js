/** The card's own number pad. */

const load = (name) => import(`./${name}.js${new URL(import.meta.url).search}`);
const { make, put, say } = await load("elements");

/** Return the decimal mark of the user, as set in their profile. */
export function decimalMark({ number_format: format, language }) {
  const fixed = { comma_decimal: ".", quote_decimal: ".", none: ".", decimal_comma: ",", space_comma: "," };
  if (fixed[format]) return fixed[format];
  const locale = format === "language" ? language : undefined;
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.find(({ type }) => type === "decimal").value === "," ? "," : ".";
}

/** Return whether this is a tablet, whose keyboard would cover a large part. */
export function isTablet() {
  return matchMedia("(pointer: coarse) and (min-width: 600px)").matches;
}

/** The card's own number pad. */
export class Keypad {
  constructor(onkey) {
    this.mark = make("button", { type: "button", onclick: () => onkey(this.mark.textContent) });
    this.back = make("button", { type: "button", onclick: () => onkey(null) }, "⌫");
    const digit = (key) => make("button", { type: "button", onclick: () => onkey(key) }, key);
    const digits = [..."123456789"].map(digit);
    this.element = make("div", { class: "keypad", role: "group" });
    this.element.append(...digits, this.mark, digit("0"), this.back);
  }

  draw(texts, mark, decimals) {
    say(this.mark, mark);
    put(this.mark, "disabled", decimals === 0 ? "" : null);
    put(this.back, "aria-label", texts.card("delete_digit"));
    put(this.element, "aria-label", texts.card("keypad"));
  }
}
