// Reads what tools/site_pack.py wrote; the format is described there.

const STEP = 8; // parts of a figure pixel
const GAP = 1 << 24;

async function unpack(base64) {
  const text = atob(base64);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const input = integersOf(bytes);
  const length = input.next();
  const header = JSON.parse(new TextDecoder().decode(input.bytes(length)));
  const columns = readColumns(input);
  const [frames, states, looks, sceneries] = [0, 0, 0, 0].map(() => readRows(input));
  const pixels = readTiles(input, header);
  return { ...header, columns, frames, states, looks, sceneries, places: header.sceneries, pixels };
}

function integersOf(bytes) {
  let at = 0;
  const next = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const digit = bytes[at++];
      value += (digit & 127) * shift;
      if (digit < 128) return value;
    }
  };
  return { next, signed: () => unsigned(next()), bytes: (length) => bytes.subarray(at, (at += length)) };
}

function unsigned(code) {
  return code % 2 ? -(code + 1) / 2 : code / 2;
}

// Columns of whole steps, one after the other; `starts[i]` is where column i begins.
function readColumns(input) {
  const count = input.next();
  const [lengths, back, modes] = [0, 0, 0].map(() => Array.from({ length: count }, input.next));
  const starts = [0];
  for (const length of lengths) starts.push(starts.at(-1) + length);
  const steps = new Int32Array(starts[count]);
  for (let i = 0; i < count; i++) readColumn(input, steps, modes[i], starts[i], starts[i + 1], starts[i - back[i]]);
  return { steps, starts };
}

function readColumn(input, steps, mode, from, to, beside) {
  let [last, slope, other] = [0, 0, 0];
  for (let i = from; i < to; i++) {
    const raw = steps[beside + i - from];
    const neighbour = raw >= GAP / 2 ? raw - GAP : raw;
    const code = input.next();
    if (code === 0) slope = 0;
    else slope = unsigned(code - 1) + (mode === 1 ? slope : mode === 2 ? neighbour - other : 0);
    last += slope;
    other = neighbour;
    steps[i] = code === 0 ? last + GAP : last;
  }
}

function readRows(input) {
  let before = [];
  return Array.from({ length: input.next() }, () => {
    const length = input.next();
    const row = new Int32Array(length);
    const same = length === before.length;
    for (let i = 0; i < length; i++) row[i] = input.signed() + (same ? before[i] : 0);
    return (before = row);
  });
}

function readTiles(input, { tile, tiles, colors }) {
  const palette = Uint32Array.from(colors);
  const pixels = new Uint32Array(tiles * tile * tile);
  for (let i = 0; i < pixels.length; i++) pixels[i] = palette[input.next()];
  return pixels;
}

// A frame as the kernel sends it: how many numbers each artist has, then the numbers.
function frameOf({ columns: { steps, starts }, frames, strides }, place) {
  const columns = frames[place];
  const lengths = Array.from(columns, (column) => starts[column + 1] - starts[column]);
  const frame = new Float32Array(strides.length + lengths.reduce((sum, length) => sum + length, 0));
  let [first, out] = [0, strides.length];
  strides.forEach((stride, artist) => {
    const rows = lengths[first];
    frame[artist] = rows * stride;
    for (let side = 0; side < stride; side++) {
      const from = starts[columns[first + side]];
      for (let i = 0; i < rows; i++) {
        const value = steps[from + i];
        frame[out + i * stride + side] = value >= GAP / 2 ? NaN : value / STEP;
      }
    }
    first += stride;
    out += rows * stride;
  });
  return frame;
}

// A scenery put together from its tiles.
function sceneryOf({ tile, places, sceneries, pixels }, place) {
  const [across, width, height] = places[place];
  const image = new ImageData(width, height);
  const out = new Uint32Array(image.data.buffer);
  sceneries[place].forEach((number, i) => {
    const [left, top] = [(i % across) * tile, Math.floor(i / across) * tile];
    const wide = Math.min(tile, width - left);
    for (let row = 0; row < Math.min(tile, height - top); row++) {
      const from = (number * tile + row) * tile;
      out.set(pixels.subarray(from, from + wide), (top + row) * width + left);
    }
  });
  return image;
}

// A moving picture, such as a surface seen from above.
function imageOf({ columns: { steps, starts }, images, colors }, place) {
  const [width, height, column] = images[place];
  const rgba = Uint32Array.from(steps.subarray(starts[column], starts[column + 1]), (color) => colors[color]);
  return { width, height, rgba: new Uint8Array(rgba.buffer) };
}
