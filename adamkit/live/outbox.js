// Messages to the kernel: at most one on its way, and then only the newest state of everything.
//
// While the kernel works on a message, what the reader moves is merged: the last value of each
// control, the last point of a drag. When the answer comes, what was merged goes out. So the kernel
// never computes a picture that nobody will see, and the last state is always sent.

const PATIENCE = 4000; // ms after which an answer is taken for lost (a restarted kernel)

// `onchange(sent, idle)`: number of the last message, and whether its answer is here and nothing waits.
function makeOutbox(model, onchange) {
  let seq = Math.floor(Math.random() * 2 ** 30); // views of one model must not take each other's answers
  let waiting = null;
  let waitingSince = 0;
  let pending = null;

  function post(part) {
    pending = merged(pending ?? {}, part);
    flush();
  }

  function flush() {
    if (pending === null) return;
    if (waiting !== null && performance.now() - waitingSince < PATIENCE) return;
    waiting = ++seq;
    waitingSince = performance.now();
    model.send({ ...pending, seq });
    pending = null;
    onchange(seq, false);
  }

  function answered() {
    if (model.get("_seen") !== waiting) return;
    waiting = null;
    flush();
    onchange(seq, waiting === null);
  }

  model.on("change:_seen", answered);
  return {
    post,
    idle: () => waiting === null && pending === null,
    close: () => model.off("change:_seen", answered),
  };
}

function merged(old, part) {
  const all = { ...old, ...part };
  if (old.values && part.values) all.values = { ...old.values, ...part.values };
  if (old.pointer && part.pointer) {
    const [event] = part.pointer;
    const kept = old.pointer.filter((e, i) => i < old.pointer.length - 1 || e.kind !== event.kind);
    all.pointer = [...kept, event];
  }
  return all;
}
