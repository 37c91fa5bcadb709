// Small charts in SVG, so that they take their colours from the page's theme.

const SVG = "http://www.w3.org/2000/svg";
const CHART = { width: 300, height: 132, left: 46, right: 16, top: 6, bottom: 20 };

function svg(tag, attributes) {
  const el = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, value);
  return el;
}

// One chart: makeChart() → { el, show }. `show` takes what the panel says and its curves.
function makeChart() {
  const el = element("figure", "adamkit-chart");
  const caption = element("figcaption");
  const label = element("span", "adamkit-label");
  const value = element("span", "adamkit-value");
  caption.append(label, value);
  const image = svg("svg", { role: "img" });
  const axes = svg("g", { class: "adamkit-axes" });
  const band = svg("path", { class: "adamkit-band" });
  const line = svg("path", { class: "adamkit-line" });
  const smooth = svg("path", { class: "adamkit-smooth" });
  const dots = svg("path", { class: "adamkit-dots" });
  image.append(axes, band, line, smooth, dots);
  el.append(caption, image);
  let width = CHART.width;
  let last = null;

  const observer = new ResizeObserver(() => {
    const wanted = (el.clientWidth * CHART.height) / image.clientHeight; // drawn larger, a chart holds no more
    if (!wanted || Math.abs(wanted - width) < 1) return;
    width = wanted;
    if (last) paint(last);
  });
  observer.observe(el);

  function paint(data) {
    last = data;
    const { panel, text, log, curve, smoothed, evaluations, span } = data;
    label.textContent = panel.label;
    value.textContent = text;
    value.classList.toggle("adamkit-lost", text === "not finite");
    el.classList.toggle("adamkit-empty", !curve.steps.length);
    el.classList.toggle("adamkit-smoothed", Boolean(smoothed));
    image.setAttribute("viewBox", `0 0 ${width} ${CHART.height}`);
    image.setAttribute("aria-label", `${panel.label}: ${curve.steps.length ? text : "nothing measured"}`);
    const y = yScale(limits(data, log), log);
    const x = linear(span, [CHART.left, width - CHART.right]);
    axes.replaceChildren(...yTicks(y, log, width), ...xTicks(x, span));
    band.setAttribute("d", bandPath(curve, x, y));
    line.setAttribute("d", linePath(curve, x, y));
    smooth.setAttribute("d", smoothed ? linePath(smoothed, x, y) : "");
    dots.setAttribute("d", evaluations ? dotPath(evaluations, x, y) : "");
  }
  return { el, show: paint, close: () => observer.disconnect() };
}

function linear([from, to], [start, end]) {
  const scale = (end - start) / (to - from || 1);
  return (value) => start + (value - from) * scale;
}

function yScale([low, high], log) {
  const to = [CHART.height - CHART.bottom, CHART.top];
  const map = log ? linear([Math.log10(low), Math.log10(high)], to) : linear([low, high], to);
  const scale = log ? (value) => map(Math.log10(Math.max(value, low))) : map;
  return Object.assign(scale, { low, high });
}

// Lowest and highest value to show, with a little air. A zero, such as the update of a step at the rate 0, has no
// place on a logarithmic axis and must not stretch it.
function limits({ panel, curve, evaluations }, log) {
  const lowest = [...curve.low, ...(evaluations?.mean ?? [])];
  const low = Math.min(...(log ? lowest.filter((value) => value > 0) : lowest));
  const high = Math.max(...curve.high, ...(evaluations?.mean ?? []));
  if (!Number.isFinite(low)) return log ? [0.1, 1] : [0, 1];
  if (log) return [Math.max(low, high * 1e-8) / 1.15, high * 1.15];
  if (panel.zero) return [0, 1.12 * high || 1];
  const air = 0.06 * (high - low) || 0.5 * Math.abs(high) || 1;
  return [low - air, high + air];
}

function linePath({ steps, mean }, x, y) {
  let path = "";
  for (let i = 0; i < steps.length; i++) path += `${i ? "L" : "M"}${x(steps[i]).toFixed(1)} ${y(mean[i]).toFixed(1)}`;
  return path;
}

function bandPath({ steps, low, high }, x, y) {
  if (!steps.some((_, i) => low[i] !== high[i])) return "";
  let path = "";
  for (let i = 0; i < steps.length; i++) path += `${i ? "L" : "M"}${x(steps[i]).toFixed(1)} ${y(high[i]).toFixed(1)}`;
  for (let i = steps.length - 1; i >= 0; i--) path += `L${x(steps[i]).toFixed(1)} ${y(low[i]).toFixed(1)}`;
  return path + "Z";
}

function dotPath({ steps, mean }, x, y) {
  const dot = (step, i) => `M${(x(step) - 2.6).toFixed(1)} ${y(mean[i]).toFixed(1)}a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0`;
  return Array.from(steps, dot).join("");
}

function yTicks(y, log, width) {
  return (log ? logTicks(y.low, y.high) : evenTicks(y.low, y.high, 4)).flatMap((value) => {
    const at = y(value).toFixed(1);
    const text = svg("text", { x: CHART.left - 6, y: at, class: "adamkit-ytick" });
    text.textContent = shortNumber(value, log ? 0 : y.high);
    return [svg("line", { x1: CHART.left, x2: width - CHART.right, y1: at, y2: at }), text];
  });
}

function xTicks(x, [from, to]) {
  const ticks = evenTicks(from, to, 4).filter((value) => Number.isInteger(value));
  return ticks.map((value, i) => {
    const text = svg("text", { x: x(value).toFixed(1), y: CHART.height - 5, class: "adamkit-xtick" });
    text.textContent = (i === 0 ? "step " : "") + shortNumber(value, to);
    return text;
  });
}

function evenTicks(low, high, about) {
  const raw = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high * (1 + 1e-9); k++) ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}

// Powers of ten; between them 2 and 5 where there is room.
function logTicks(low, high) {
  const decades = Math.log10(high / low);
  const every = Math.max(1, Math.ceil(decades / 4));
  const factors = decades < 1.3 ? [1, 2, 5] : decades < 2.2 ? [1, 3] : [1];
  const ticks = [];
  for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++) {
    if (e % every) continue;
    for (const factor of factors) if (factor * 10 ** e >= low && factor * 10 ** e <= high) ticks.push(factor * 10 ** e);
  }
  return ticks;
}

// A number beside an axis that ends at `top`: all numbers of an axis get the same letter, 6k beside 12k.
function shortNumber(value, top) {
  if (value === 0) return "0";
  const size = Math.max(Math.abs(value), top);
  if (size >= 1e9) return value.toExponential(Math.max(0, significant(value) - 1)).replace("e+", "e");
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  if (Math.abs(value) < 1e-3) return value.toExponential(0 === value % 1 ? 0 : Math.max(0, significant(value) - 1)).replace("e-0", "e-");
  return String(Number(value.toPrecision(3)));
}

function significant(value) {
  return String(Number(value.toPrecision(3)).toExponential()).split("e")[0].replace(/[-.]/g, "").length;
}
