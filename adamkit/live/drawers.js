// One function for each kind of moving artist: draw(ctx, style, rows, extra).
// `rows` is a Float32Array in figure pixels; `extra.share` says how much of a growing line shows.

const STRIDE = { line: 2, points: 3, arrows: 4, text: 2, image: 4, area: 2 };

const draw = {
  line(ctx, style, rows, extra) {
    const vertices = extra.share < 1 ? firstShare(rows, extra.share) : rows;
    if (style.color && style.width > 0) {
      ctx.strokeStyle = style.color;
      ctx.lineWidth = style.width;
      ctx.lineJoin = "round";
      ctx.lineCap = { projecting: "square", butt: "butt", round: "round" }[style.cap];
      ctx.setLineDash(style.dash);
      ctx.beginPath();
      trace(ctx, vertices);
      ctx.stroke();
    }
    if (style.marker) {
      const shape = outlineOf(style.marker.d);
      for (let i = 0; i < vertices.length; i += 2) {
        stamp(ctx, shape, vertices[i], vertices[i + 1], 1, style.marker.face, style.marker.edge, style.marker.width);
      }
    }
  },

  points(ctx, style, rows) {
    const shape = outlineOf(style.d);
    for (let i = 0, k = 0; i < rows.length; i += 3, k++) {
      const face = style.face[k % style.face.length];
      stamp(ctx, shape, rows[i], rows[i + 1], rows[i + 2], face, style.edge[k % style.edge.length], style.width);
    }
  },

  arrows(ctx, style, rows) {
    for (let i = 0, k = 0; i < rows.length; i += 4, k++) {
      ctx.fillStyle = style.face[k % style.face.length];
      drawArrow(ctx, rows[i], rows[i + 1], rows[i + 2], rows[i + 3], style.width);
    }
  },

  text(ctx, style, rows) {
    const lines = style.text.split("\n");
    const leading = style.size * 1.2;
    ctx.font = `${style.weight} ${style.size}px "DejaVu Sans", Verdana, sans-serif`;
    ctx.textAlign = style.across;
    ctx.textBaseline = "alphabetic";
    const rise = { top: 0.93, center: 0.36, center_baseline: 0.36, baseline: 0, bottom: -0.24 }[style.up] * style.size;
    const lift = { top: 0, center: 0.5, center_baseline: 0.5, baseline: 0, bottom: 1 }[style.up] * (lines.length - 1) * leading;
    lines.forEach((line, i) => {
      const y = rows[1] + rise - lift + i * leading;
      if (style.halo) {
        ctx.strokeStyle = style.halo.color;
        ctx.lineWidth = style.halo.width;
        ctx.lineJoin = "round";
        ctx.strokeText(line, rows[0], y);
      }
      ctx.fillStyle = style.color;
      ctx.fillText(line, rows[0], y);
    });
  },

  image(ctx, style, rows, extra) {
    if (!extra.image) return;
    ctx.imageSmoothingEnabled = style.smooth;
    ctx.imageSmoothingQuality = "high";
    ctx.drawImage(extra.image, rows[0], rows[1], rows[2] - rows[0], rows[3] - rows[1]);
  },

  area(ctx, style, rows) {
    ctx.beginPath();
    trace(ctx, rows);
    if (style.face) {
      ctx.fillStyle = style.face;
      ctx.fill();
    }
    if (style.edge && style.width > 0) {
      ctx.strokeStyle = style.edge;
      ctx.lineWidth = style.width;
      ctx.stroke();
    }
  },
};

// A path through the vertices; NaN lifts the pen.
function trace(ctx, vertices) {
  let down = false;
  for (let i = 0; i < vertices.length; i += 2) {
    const x = vertices[i];
    const y = vertices[i + 1];
    if (Number.isNaN(x) || Number.isNaN(y)) down = false;
    else if (down) ctx.lineTo(x, y);
    else {
      ctx.moveTo(x, y);
      down = true;
    }
  }
}

// The first `share` of a line's vertices, ending at a point between two of them.
function firstShare(rows, share) {
  const position = share * (rows.length / 2 - 1);
  const whole = Math.floor(position);
  const part = rows.slice(0, 2 * whole + 4);
  const end = part.length - 2;
  if (end >= 2 && whole * 2 + 2 < rows.length) {
    const rest = position - whole;
    part[end] = part[end - 2] + rest * (part[end] - part[end - 2]);
    part[end + 1] = part[end - 1] + rest * (part[end + 1] - part[end - 1]);
  }
  return part;
}

// Where a rider on that line is: its last vertex that is a number.
function lastPoint(vertices) {
  for (let i = vertices.length - 2; i >= 0; i -= 2) {
    if (!Number.isNaN(vertices[i]) && !Number.isNaN(vertices[i + 1])) return vertices.slice(i, i + 2);
  }
  return new Float32Array([NaN, NaN]);
}

const outlines = new Map();
function outlineOf(d) {
  if (outlines.size > 500) outlines.clear();
  if (!outlines.has(d)) outlines.set(d, new Path2D(d));
  return outlines.get(d);
}

function stamp(ctx, shape, x, y, size, face, edge, width) {
  if (Number.isNaN(x) || Number.isNaN(y)) return;
  const before = ctx.getTransform();
  ctx.translate(x, y);
  ctx.scale(size, size);
  if (face) {
    ctx.fillStyle = face;
    ctx.fill(shape);
  }
  if (edge && width > 0) {
    ctx.setLineDash([]);
    ctx.strokeStyle = edge;
    ctx.lineWidth = width / size;
    ctx.stroke(shape);
  }
  ctx.setTransform(before);
}

// Proportions of matplotlib's quiver: head 3 shafts wide and 5 long, smaller on short arrows.
function drawArrow(ctx, x0, y0, x1, y1, width) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (!(length > 0.5)) return;
  const scale = Math.min(1, length / (5 * width));
  const [half, head, wing] = [width / 2, 5 * width * scale, 1.5 * width * Math.max(scale, 0.5)];
  const notch = length - 0.9 * head;
  const before = ctx.getTransform();
  ctx.translate(x0, y0);
  ctx.rotate(Math.atan2(y1 - y0, x1 - x0));
  ctx.beginPath();
  for (const [x, y] of [[0, half * scale], [notch, half * scale], [length - head, wing], [length, 0]]) ctx.lineTo(x, y);
  for (const [x, y] of [[length - head, -wing], [notch, -half * scale], [0, -half * scale]]) ctx.lineTo(x, y);
  ctx.closePath();
  ctx.fill();
  ctx.setTransform(before);
}
