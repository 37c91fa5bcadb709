// The canvas: scenery underneath, moving artists on top, repainted once per animation frame.

function makePicture(model) {
  const canvas = document.createElement("canvas");
  canvas.className = "adamkit-canvas";
  canvas.setAttribute("role", "img");
  const picture = { canvas, share: 1, state: null, repaint, onload: [], close };
  let lastBytes = null;
  let decoded = null;
  let newest = 0;
  let shownLoad = 0;
  let scheduled = 0;

  // Scenery and moving artists of one message appear together: the frame waits for its scenery.
  async function load() {
    const mine = ++newest;
    const bytes = model.get("_background");
    if (bytes !== lastBytes) {
      lastBytes = bytes;
      decoded = bitmapOf(bytes);
    }
    const state = readState(model, picture.state);
    state.background = await decoded;
    if (mine < shownLoad || !state.scene.width) return;
    shownLoad = mine;
    if (picture.state?.background && picture.state.background !== state.background) picture.state.background.close();
    picture.state = state;
    canvas.setAttribute("aria-label", state.scene.alt);
    canvas.style.aspectRatio = `${state.scene.width} / ${state.scene.height}`;
    for (const listener of picture.onload) listener(state);
    repaint();
  }

  function repaint() {
    if (!scheduled) scheduled = requestAnimationFrame(paint);
  }

  function paint() {
    scheduled = 0;
    const { state } = picture;
    const box = canvas.getBoundingClientRect();
    if (!state || !box.width) return;
    const width = Math.round(box.width * devicePixelRatio);
    const height = Math.round((width * state.scene.height) / state.scene.width);
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    const ctx = canvas.getContext("2d");
    const scale = width / state.scene.width;
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    paintAll(ctx, state, picture.share);
    canvas.dataset.frames = Number(canvas.dataset.frames ?? 0) + 1;
    canvas.dataset.seen = state.seen;
  }

  const observer = new ResizeObserver(repaint);
  observer.observe(canvas);
  model.on("change", load);
  load();

  function close() {
    observer.disconnect();
    model.off("change", load);
    cancelAnimationFrame(scheduled);
  }
  return picture;
}

// The scenery as a bitmap: a kernel sends a PNG, a recording has its pixels.
function bitmapOf(value) {
  if (value instanceof ImageData) return createImageBitmap(value);
  const png = bytesOf(value);
  return png.length ? createImageBitmap(new Blob([png], { type: "image/png" })) : null;
}

// The synchronised traits as the painter wants them; images are decoded only when they changed.
function readState(model, before) {
  const scene = model.get("_scene");
  const styles = model.get("_styles");
  const frame = model.get("_frame");
  return {
    scene,
    styles,
    seen: model.get("_seen"),
    plays: model.get("_plays"),
    wholes: model.get("_wholes"),
    rows: splitFrame(frame, styles.length),
    images: readImages(model.get("_images"), before),
  };
}

// [n₀, n₁, …, numbers of artist 0, numbers of artist 1, …]
function splitFrame(frame, count) {
  const numbers = numbersOf(frame);
  const rows = [];
  let from = count;
  for (let i = 0; i < count; i++) {
    rows.push(numbers.subarray(from, from + numbers[i]));
    from += numbers[i];
  }
  return rows;
}

function readImages(entries, before) {
  const images = new Map();
  for (const [place, entry] of Object.entries(entries)) {
    const old = before?.images.get(place);
    images.set(place, old?.rgba === entry.rgba ? old : { rgba: entry.rgba, canvas: imageCanvas(entry) });
  }
  return images;
}

function imageCanvas({ width, height, rgba }) {
  const canvas = new OffscreenCanvas(width, height);
  const bytes = new Uint8ClampedArray(bytesOf(rgba));
  canvas.getContext("2d").putImageData(new ImageData(bytes, width, height), 0, 0);
  return canvas;
}

function paintAll(ctx, state, share) {
  const { scene, styles, rows } = state;
  if (state.background) ctx.drawImage(state.background, 0, 0, scene.width, scene.height);
  const growing = new Set(scene.playback?.lines);
  const rides = new Map(scene.playback?.heads);
  const order = styles.map((_, i) => i).sort((a, b) => styles[a].z - styles[b].z);
  for (const i of order) {
    const style = styles[i];
    if (!style.visible || rows[i].length < STRIDE[style.kind]) continue;
    ctx.save();
    const box = style.clip && scene.boxes[scene.axes[i]];
    if (box) {
      ctx.beginPath();
      ctx.rect(...box);
      ctx.clip();
    }
    const extra = { share: growing.has(i) ? share : 1, image: state.images.get(String(i))?.canvas };
    const rider = rides.has(i) && share < 1;
    draw[style.kind](ctx, style, rider ? lastPoint(firstShare(rows[rides.get(i)], share)) : rows[i], extra);
    ctx.restore();
  }
}
