// Scenario buttons with the line that says what to look for, and the panel of controls.

function makeScenarios(model, outbox) {
  const el = element("div", "adamkit-top");
  const row = element("div", "adamkit-scenarios");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "scenarios");
  const buttons = model.get("_scenarios").map((name) => {
    const button = element("button", "adamkit-scenario", name);
    button.type = "button";
    button.addEventListener("click", () => outbox.post({ scenario: name, values: null, reset: false }));
    row.append(button);
    return button;
  });
  const reset = element("button", "adamkit-reset", "Reset");
  reset.type = "button";
  reset.title = "back to the opening values";
  reset.addEventListener("click", () => outbox.post({ reset: true, values: null, scenario: null }));
  const enlarge = makeRoomButton();
  const tools = element("div", "adamkit-tools");
  tools.append(reset, enlarge.el);
  row.append(tools);
  const look = element("p", "adamkit-look");
  look.setAttribute("aria-live", "polite");
  el.append(row, withRoom(look, model.get("_room").looks));

  function show() {
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.textContent === model.get("_chosen")));
    }
    if (look.textContent !== model.get("_look")) look.textContent = model.get("_look");
    look.dataset.left = model.get("_left"); // the style puts it first: read aloud it would repeat the sentence
  }
  return { el, show, close: enlarge.close };
}

// `el` in a place as tall as the tallest of these texts, at any width: what stands below it does not move.
function withRoom(el, texts) {
  const place = element("div", "adamkit-room-for");
  place.append(el);
  for (const text of texts) {
    const sizer = element("p", `${el.className}-room`, text);
    sizer.setAttribute("aria-hidden", "true");
    place.append(sizer);
  }
  return place;
}

function makePanel(model, outbox) {
  const el = element("div", "adamkit-controls");
  const parts = new Map();
  for (const decl of model.get("_controls")) {
    if (!make[decl.kind]) continue;
    const part = make[decl.kind](decl, (value) => outbox.post({ values: { [decl.name]: value } }));
    part.el.dataset.control = decl.name;
    if (decl.help) explain(part, decl.help);
    parts.set(decl.name, part);
    el.append(part.el);
  }
  const notice = element("p", "adamkit-notice");
  notice.setAttribute("role", "alert");
  el.append(notice);

  // A control that the reader is moving already shows what is on its way to the kernel.
  function show() {
    const [values, texts, idle] = [model.get("_values"), model.get("_texts"), model.get("_idle")];
    const moving = outbox.idle() ? null : document.activeElement;
    for (const [name, part] of parts) {
      part.el.classList.toggle("adamkit-idle", idle.includes(name));
      if (moving === null || !part.el.contains(moving)) part.show(values[name], texts[name]);
    }
    notice.textContent = model.get("_notice");
    notice.hidden = !notice.textContent;
  }
  return { el, show };
}

// What a control means: for a pointer that rests on it, for the keyboard that is on it, and read aloud.
function explain({ el, node }, help) {
  el.title = help;
  el.dataset.help = help;
  node.setAttribute("aria-description", help);
}
