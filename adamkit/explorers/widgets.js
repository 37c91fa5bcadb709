// One element for each kind of control: make(decl, change) → { el, show(value, text), node }.
// `change(value)` reports what the reader did; `show` puts the element where the kernel says.

let made = 0;

const make = {
  slider(decl, change) {
    const el = element("label", "adamkit-control adamkit-slider");
    const name = element("span", "adamkit-label", decl.label);
    const out = element("output", "adamkit-value");
    const input = document.createElement("input");
    // An output is labelable too, so the label must be told which of its two it names.
    Object.assign(input, { type: "range", min: 0, max: decl.stops.length - 1, step: 1, id: `adamkit-${++made}` });
    el.htmlFor = input.id;
    input.ariaLabel = decl.label || decl.name;
    el.append(name, out, input);
    const write = (text) => {
      out.textContent = text;
      input.setAttribute("aria-valuetext", text);
      input.style.setProperty("--share", input.value / (decl.stops.length - 1));
    };
    input.addEventListener("input", () => {
      write(decl.texts[input.value]);
      change(decl.stops[input.value]);
    });
    const show = (value, text) => {
      input.value = nearest(decl.stops, value);
      write(text);
    };
    return { el, show, node: input };
  },

  choice(decl, change) {
    const el = element("label", "adamkit-control adamkit-choice");
    const select = document.createElement("select");
    for (const [value, text] of decl.options) select.add(new Option(text, value));
    select.addEventListener("change", () => change(select.value));
    el.append(element("span", "adamkit-label", decl.label), select);
    return { el, show: (value) => (select.value = value), node: select };
  },

  chips(decl, change) {
    const el = element("fieldset", "adamkit-control adamkit-chips");
    if (decl.label) el.append(element("legend", "adamkit-label", decl.label));
    else el.setAttribute("aria-label", decl.name);
    const boxes = decl.options.map(([value, text, color]) => {
      const chip = element("label", "adamkit-chip");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", value });
      chip.append(box, element("span", "adamkit-dot"), element("span", "", text));
      if (color) chip.style.setProperty("--chip", color);
      box.addEventListener("change", () => change(boxes.filter((b) => b.checked).map((b) => b.value)));
      el.append(chip);
      return box;
    });
    return { el, show: (value) => boxes.forEach((box) => (box.checked = value.includes(box.value))), node: el };
  },

  toggle(decl, change) {
    const el = element("label", "adamkit-control adamkit-toggle");
    const box = Object.assign(document.createElement("input"), { type: "checkbox" });
    box.setAttribute("role", "switch");
    box.addEventListener("change", () => change(box.checked));
    el.append(box, element("span", "adamkit-label", decl.label));
    return { el, show: (value) => (box.checked = value), node: box };
  },

  numbers(decl, change) {
    const el = element("label", "adamkit-control adamkit-numbers");
    const input = Object.assign(document.createElement("input"), { type: "text", spellcheck: false, autocomplete: "off" });
    input.addEventListener("input", () => change(input.value));
    el.append(element("span", "adamkit-label", decl.label), input);
    // Rewriting a line that somebody types in would move the cursor under the hand.
    const show = (value, text) => document.activeElement !== input && (input.value = text);
    return { el, show, node: input };
  },
};

function element(tag, className, text) {
  const el = document.createElement(tag);
  if (className) el.className = className;
  if (text !== undefined) el.textContent = text;
  return el;
}

function nearest(stops, value) {
  let best = 0;
  for (let i = 1; i < stops.length; i++) {
    if (Math.abs(stops[i] - value) < Math.abs(stops[best] - value)) best = i;
  }
  return best;
}
