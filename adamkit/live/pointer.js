// Clicks, drags and hovering on the picture, sent as figure pixels; the arrow keys drag the handle.

const KEY_STEP = 6; // figure pixels; 1 with Shift
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function watchPointer(picture, outbox) {
  const { canvas } = picture;
  let held = null; // index of the axes in which the drag began
  let keyPoint = null;

  picture.onload.push(({ scene }) => {
    canvas.classList.toggle("adamkit-pointer", scene.pointer);
    if (scene.pointer) canvas.tabIndex = 0;
  });

  function send(kind, axes, x, y) {
    const { scene } = picture.state;
    const [left, top, width, height] = scene.boxes[axes];
    const inside = (value, low, size) => Math.min(Math.max(value, low), low + size);
    outbox.post({ pointer: [{ kind, axes, x: inside(x, left, width), y: inside(y, top, height) }] });
  }

  canvas.addEventListener("pointerdown", (event) => {
    const at = locate(picture, event);
    if (!picture.state?.scene.pointer || at.axes < 0 || event.button !== 0) return;
    held = at.axes;
    canvas.setPointerCapture(event.pointerId);
    canvas.classList.add("adamkit-dragging");
    send("click", held, at.x, at.y);
  });

  canvas.addEventListener("pointermove", (event) => {
    if (!picture.state?.scene.pointer) return;
    const at = locate(picture, event);
    if (held !== null) send("drag", held, at.x, at.y);
    else {
      canvas.classList.toggle("adamkit-inside", picture.state.scene.grab.includes(at.axes));
      if (picture.state.scene.hover && at.axes >= 0) send("move", at.axes, at.x, at.y);
    }
  });

  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, (event) => {
      if (held === null) return;
      const at = locate(picture, event);
      send("release", held, at.x, at.y);
      held = null;
      canvas.classList.remove("adamkit-dragging");
    });
  }

  canvas.addEventListener("keydown", (event) => {
    const { scene, rows } = picture.state ?? {};
    const direction = ARROWS[event.key];
    if (!scene?.pointer || scene.handle < 0 || !direction) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook would move to another cell
    const size = event.shiftKey ? 1 : KEY_STEP;
    // While an answer is on its way the handle is where the keys have sent it, not where it is drawn.
    if (keyPoint === null || outbox.idle()) keyPoint = [...rows[scene.handle].slice(0, 2)];
    keyPoint = keyPoint.map((value, i) => value + size * direction[i]);
    send("drag", scene.axes[scene.handle], ...keyPoint);
  });

  canvas.addEventListener("keyup", (event) => {
    if (keyPoint === null || !ARROWS[event.key]) return;
    send("release", picture.state.scene.axes[picture.state.scene.handle], ...keyPoint);
  });
}

function locate(picture, event) {
  const { scene } = picture.state ?? {};
  if (!scene) return { axes: -1 };
  const box = picture.canvas.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * scene.width;
  const y = ((event.clientY - box.top) / box.height) * scene.height;
  const axes = scene.boxes.findIndex(([left, top, w, h]) => x >= left && x <= left + w && y >= top && y <= top + h);
  return { axes, x, y };
}
