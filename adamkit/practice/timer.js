// A clock that runs in the browser: it needs no kernel to tick, and cuts nobody off.
function render({ model, el }) {
  const face = document.createElement("div");
  face.className = "adamkit-timer";
  face.setAttribute("role", "timer");
  face.style.cssText = "font-variant-numeric: tabular-nums; font-size: 1.3em; font-weight: 600; line-height: 1.6";
  const told = document.createElement("span"); // read aloud once, when the time is up
  told.setAttribute("role", "status");
  told.style.cssText = "margin-left: .8em; font-size: .75em; font-weight: 400";
  el.append(face);
  let began = performance.now(), ticking = null;

  const show = () => {
    const used = (performance.now() - began) / 1000;
    const left = Math.ceil(model.get("seconds") - used);
    const over = left <= 0;
    const length = Math.abs(over ? Math.floor(used - model.get("seconds")) : left);
    face.textContent = `${over ? "+" : ""}${Math.floor(length / 60)}:${String(length % 60).padStart(2, "0")}`;
    face.style.color = over ? "rgb(205, 72, 72)" : "inherit";
    const note = over ? "over time; come to an end" : "";
    if (told.textContent !== note) told.textContent = note;
    face.append(told);
  };
  const stop = () => { clearInterval(ticking); ticking = null; };
  const start = () => {
    stop();
    if (!model.get("running")) return;
    began = performance.now();
    ticking = setInterval(show, 250);
    show();
  };
  model.on("change:running change:round", start);
  start();
  if (!model.get("running")) show();
  takeKeyboard(el);
  return stop;
}

// A new question replaces the button that had the keyboard: hand it to the text field below the clock. Whoever is
// elsewhere on the page stays there.
function takeKeyboard(el, patience = 60) {
  if (!el.isConnected) {
    if (patience) requestAnimationFrame(() => takeKeyboard(el, patience - 1));
    return;
  }
  const at = document.activeElement;
  const lost = !at || at === document.body || el.closest(".jp-Cell")?.contains(at);
  if (lost) el.closest(".widget-vbox")?.querySelector("textarea")?.focus();
}

export default { render };
