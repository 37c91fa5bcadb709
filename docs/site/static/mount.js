// Explorers on a page: each loads its recording when it comes near, and then stands where its picture stood.

const NEAR = "600px";
const HOW = "This page plays recordings. What is dimmed moves with Python:";
const recordings = new Map(); // name → { promise, resolve }

function shelfOf(name) {
  if (!recordings.has(name)) {
    const shelf = {};
    shelf.promise = new Promise((resolve) => (shelf.resolve = resolve));
    recordings.set(name, shelf);
  }
  return recordings.get(name);
}

// A page on a disk may not fetch a file, but it may run one: recordings are scripts that hand themselves over.
globalThis.adamkitSite = {
  receive: (name, base64) => shelfOf(name).resolve(unpack(base64)),
};

function loaded(name) {
  const known = recordings.has(name);
  const shelf = shelfOf(name);
  if (!known) document.head.append(Object.assign(document.createElement("script"), { src: `_static/recorded/${name}.js` }));
  return shelf.promise;
}

async function mount(place) {
  const { recording: name, opening, play } = place.dataset;
  const recording = await loaded(name);
  const player = playerOf(recording, Number(opening));
  const el = element("div");
  place.append(el);
  explorerView.render({ model: player, el });
  const still = () => {
    const names = new Set(player.still());
    for (const control of el.querySelectorAll("[data-control]")) {
      const off = names.has(control.dataset.control);
      for (const node of control.matches("fieldset") ? [control] : control.querySelectorAll("input, select")) node.disabled = off;
    }
  };
  const note = element("p", "adamkit-recorded-note", `${HOW} `);
  note.append(Object.assign(element("a", "", "how to get it"), { href: "index.html#with-python" }));
  el.append(note);
  player.on("change", still);
  still();
  place.dataset.state = "moving";
  if (play) player.send({ scenario: play, seq: -1 });
}

function watch() {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        mount(target);
      }
    },
    { rootMargin: NEAR },
  );
  for (const place of document.querySelectorAll(".adamkit-recording")) seen.observe(place);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch);
else watch();
