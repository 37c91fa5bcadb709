// A board: title and state, progress, buttons and rate slider, charts.

function readCurves(bytes) {
  const numbers = numbersOf(bytes);
  const curves = [];
  for (let at = 0; at < numbers.length; ) {
    const count = numbers[at];
    const part = (k) => numbers.subarray(at + 1 + k * count, at + 1 + (k + 1) * count);
    curves.push({ steps: part(0), low: part(1), mean: part(2), high: part(3) });
    at += 1 + 4 * count;
  }
  return curves;
}

function makeButton(text, press) {
  const button = element("button", "adamkit-press", text);
  button.type = "button";
  button.addEventListener("click", press);
  return button;
}

// Pause, Stop and the slider. `show` puts them where the kernel says.
function makeHands(model, outbox) {
  const el = element("div", "adamkit-hands");
  const pause = makeButton("Pause", () => outbox.post({ pause: model.get("_head").state !== "paused" }));
  const stop = makeButton("Stop", () => outbox.post({ stop: true }));
  stop.classList.add("adamkit-stop");
  const rate = make.slider(model.get("_rate"), (value) => outbox.post({ rate: value }));
  rate.el.dataset.control = "rate";
  rate.el.title = model.get("_rate").help;
  const buttons = element("div", "adamkit-buttons");
  let over = false;
  buttons.append(pause, stop);
  el.append(buttons, rate.el);

  function show({ state, factor }) {
    over = !["running", "paused", "waiting"].includes(state);
    pause.textContent = state === "paused" ? "Resume" : "Pause";
    // aria-disabled, not disabled: a button that loses the focus under the hand throws the keyboard out of the board.
    for (const button of [pause, stop]) button.setAttribute("aria-disabled", String(over));
    rate.node.setAttribute("aria-disabled", String(over));
    el.classList.toggle("adamkit-over", over);
    if (outbox.idle()) rate.show(factor, `${Number(factor.toPrecision(3))}`);
  }
  return { el, show, over: () => over };
}

function makeProgress() {
  const el = element("div", "adamkit-progress");
  const bar = element("div", "adamkit-bar");
  el.setAttribute("role", "progressbar");
  el.setAttribute("aria-label", "steps done");
  el.append(bar);

  function show({ step, first, total, state }) {
    const share = total ? Math.min(step / total, 1) : 0;
    bar.style.width = `${100 * share}%`;
    el.dataset.state = state;
    el.hidden = !total;
    el.setAttribute("aria-valuenow", step);
    el.setAttribute("aria-valuemin", 0);
    el.setAttribute("aria-valuemax", total);
  }
  return { el, show };
}

// What the three marks of the loss are.
function makeKey() {
  const el = element("p", "adamkit-key");
  el.append("loss: ");
  for (const [kind, mark, words] of [["line", "▬", "each step"], ["smooth", "▬", "smoothed"], ["dots", "●", "evaluation"]]) {
    const sign = element("span", `adamkit-key-${kind}`, mark);
    sign.setAttribute("aria-hidden", "true");
    el.append(sign, ` ${words} \u2003`);
  }
  return el;
}

const SLOW = 2500; // ms without an answer, after which the reader is told why

export default {
  render({ model, el }) {
    const board = element("section", "adamkit-dashboard");
    let slow = false;
    let patience = 0;
    const outbox = makeOutbox(model, (sent, idle) => {
      Object.assign(board.dataset, { sent, idle });
      clearTimeout(patience);
      if (idle) slow = false;
      else patience = setTimeout(() => [(slow = true), later()], SLOW);
    });
    const title = element("span", "adamkit-title");
    const state = element("span", "adamkit-state");
    state.setAttribute("role", "status");
    const line = element("span", "adamkit-line-text");
    const head = element("div", "adamkit-head");
    head.append(title, state, line);
    const note = element("p", "adamkit-notice");
    const progress = makeProgress();
    const hands = makeHands(model, outbox);
    const grid = element("div", "adamkit-charts");
    const charts = model.get("_panels").map(() => makeChart());
    grid.append(...charts.map((chart) => chart.el));
    board.append(head, progress.el, hands.el, note, grid, makeKey());
    const undress = dress(el);
    // Keys pressed in here belong to the controls, not to the notebook's shortcuts.
    el.dataset.lmSuppressShortcuts = "true";
    el.addEventListener("keydown", (event) => event.stopPropagation());
    el.append(board);

    let scheduled = 0;
    const later = () => (scheduled ||= requestAnimationFrame(show));

    function show() {
      scheduled = 0;
      const now = model.get("_head");
      title.textContent = now.title;
      if (state.textContent !== now.state) state.textContent = state.dataset.state = now.state;
      line.textContent = now.line;
      note.textContent = now.note || (slow && !hands.over() ? now.late : "");
      note.hidden = !note.textContent;
      progress.show(now);
      hands.show(now);
      showCharts(now);
      Object.assign(board.dataset, { step: now.step, frames: Number(board.dataset.frames ?? 0) + 1, seen: model.get("_seen") });
    }

    function showCharts(now) {
      const panels = model.get("_panels");
      const curves = readCurves(model.get("_frame"));
      const span = [now.first - 1, Math.max(now.total, now.step, now.first)];
      if (!curves.length) return;
      charts.forEach((chart, i) => {
        const extra = i === 0 ? { smoothed: curves[panels.length], evaluations: curves[panels.length + 1] } : {};
        chart.show({ panel: panels[i], text: now.texts[i], log: now.logs[i], curve: curves[i], span, ...extra });
      });
    }

    model.on("change", later);
    show();
    if (!bytesOf(model.get("_frame")).length) outbox.post({ resend: true });
    return () => {
      model.off("change", later);
      cancelAnimationFrame(scheduled);
      clearTimeout(patience);
      undress();
      charts.forEach((chart) => chart.close());
      outbox.close();
    };
  },
};
