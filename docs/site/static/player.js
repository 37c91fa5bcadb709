// In place of a kernel: answers what the explorer's page asks from a recording, with the same names and messages.

// `opening`: which of the recorded openings this page shows.
function playerOf(recording, opening) {
  const listeners = new Map();
  const scenarioTracks = recording.tracks.slice(-recording.scenarios.length);
  const drawn = [new Map(), new Map(), new Map()];
  const fixed = {
    _title: recording.title,
    _controls: recording.controls,
    _scenarios: recording.scenarios,
    _room: recording.room,
    _notice: "",
  };
  let track = recording.tracks[opening];
  let state = track.base;
  let held = false;
  let now = { ...fixed, _seen: 0, _plays: 0, _wholes: 0, ...shown() };

  // What the page shows of the present state.
  function shown() {
    const [frame, looks, scene, scenery, images, caption, idle] = recording.states[state];
    const values = valuesOf(recording, state);
    const untouched = track.untouched && state === track.base;
    const pointer = track.grids.some((grid) => grid.handles.length);
    return {
      _frame: kept(drawn[0], frame, () => frameOf(recording, frame)),
      _background: kept(drawn[1], scenery, () => sceneryOf(recording, scenery)),
      _images: imagesOf(JSON.parse(recording.words[images])),
      _styles: Array.from(recording.looks[looks], (style) => recording.styles[style]),
      _scene: { ...recording.scenes[scene], pointer },
      _values: values,
      _texts: textsOf(recording, values),
      _caption: recording.words[caption],
      _idle: [...JSON.parse(recording.words[idle]), ...still()],
      _chosen: untouched ? track.chosen : "",
      _look: recording.looks_for[track.chosen] ?? "",
      _left: track.chosen && !untouched ? `Scenario “${track.chosen}”: ` : "",
    };
  }

  function imagesOf(pairs) {
    return Object.fromEntries(pairs.map(([at, image]) => [at, kept(drawn[2], image, () => imageOf(recording, image))]));
  }

  // Controls that are not recorded here.
  function still() {
    const moving = new Set(track.grids.flatMap((grid) => Object.keys(grid.axes)));
    return recording.controls.map(({ name }) => name).filter((name) => !moving.has(name));
  }

  function answer(message) {
    const plays = now._plays;
    const wholes = now._wholes;
    let steps = {};
    for (const event of message.pointer ?? []) point(event);
    if (message.reset) begin(recording.tracks[opening]);
    const number = recording.scenarios.indexOf(message.scenario);
    if (number >= 0) {
      begin(scenarioTracks[number]);
      if (recording.plays.includes(message.scenario)) steps = { _plays: plays + 1 };
    }
    if (message.reset || number >= 0) steps._wholes = wholes + 1;
    for (const pair of Object.entries(message.values ?? {})) if (change(...pair)) steps._wholes = wholes + 1;
    now = { ...now, ...shown(), ...steps, _seen: message.seq };
    for (const name of ["change:_seen", "change"]) for (const listener of listeners.get(name) ?? []) listener();
  }

  function begin(other) {
    track = other;
    state = other.base;
  }

  // A drag that no press began comes from the arrow keys.
  function point(event) {
    if (event.kind === "click") held = true;
    if (event.axes === 0 && event.kind !== "move") state = pointed(track, state, event, held);
    if (event.kind === "release") held = false;
  }

  // True when this begins a new run, which is shown whole.
  function change(name, value) {
    const before = valuesOf(recording, state);
    const fresh = recording.fresh[name];
    state = nearestState(recording, track, { ...before, ...fresh, [name]: value }, name);
    return Boolean(fresh) && !same(valuesOf(recording, state)[name], before[name]);
  }

  return {
    get: (name) => now[name],
    still,
    send: (message) => queueMicrotask(() => answer(message)),
    on: (name, listener) => listeners.set(name, [...(listeners.get(name) ?? []), listener]),
    off: (name, listener) => listeners.set(name, (listeners.get(name) ?? []).filter((other) => other !== listener)),
  };
}

const KEPT = 24; // pictures that are kept ready

function kept(shelf, key, make) {
  if (!shelf.has(key)) {
    if (shelf.size >= KEPT) shelf.delete(shelf.keys().next().value);
    shelf.set(key, make());
  }
  return shelf.get(key);
}

function valuesOf({ values }, state) {
  const pairs = Object.entries(values).map(([name, { values: all, places }]) => [name, all[places[state]]]);
  return Object.fromEntries(pairs);
}

function textsOf({ controls }, values) {
  const text = ({ name, seen, seen_texts: texts }) => texts[seen.findIndex((value) => same(value, values[name]))];
  return Object.fromEntries(controls.map((control) => [control.name, text(control) ?? ""]));
}

function same(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

// The recorded state of this track that has what the reader set, or the nearest position, and else as much as possible
// of what there was. Two controls are not always recorded together: then the other goes back to the scenario's value.
function nearestState(recording, track, wanted, changed) {
  let [best, least] = [track.base, Infinity];
  for (const grid of track.grids) {
    if (!(changed in grid.axes)) continue;
    for (const state of grid.states) {
      const cost = costOf(recording, state, wanted, changed);
      if (cost < least) [best, least] = [state, cost];
    }
  }
  return best;
}

function costOf({ controls, values }, state, wanted, changed) {
  let cost = 0;
  for (const { name, kind, seen } of controls) {
    const { values: all, places } = values[name];
    const value = all[places[state]];
    if (same(value, wanted[name])) continue;
    const far = kind === "slider" ? Math.abs(rank(seen, value) - rank(seen, wanted[name])) : 1;
    cost += name === changed ? 1000 * far : 1 + far / 1000;
  }
  return cost;
}

function rank(sorted, value) {
  let at = sorted.indexOf(value);
  if (at < 0) at = sorted.findIndex((other) => other > value);
  return at < 0 ? sorted.length : at;
}

// Where a press or a drag leads: the nearest recorded place of the handle; an arrow key: the nearest on that side.
function pointed(track, state, { kind, x, y }, held) {
  const grid = track.grids.find(({ handles }) => handles.length);
  if (!grid || (!held && kind !== "drag")) return state;
  const [atX, atY] = grid.handles[grid.states.indexOf(state)] ?? grid.handles[0];
  const ahead = ([toX, toY]) => {
    const [dx, dy, keyX, keyY] = [toX - atX, toY - atY, x - atX, y - atY];
    return dx * keyX + dy * keyY > 0.7 * Math.hypot(dx, dy) * Math.hypot(keyX, keyY);
  };
  const far = ([toX, toY]) => Math.hypot(toX - x, toY - y);
  const open = grid.handles.map((at, i) => [far(at), i]).filter(([, i]) => held || ahead(grid.handles[i]));
  if (!open.length) return state;
  return grid.states[open.reduce((a, b) => (b[0] < a[0] ? b : a))[1]];
}
