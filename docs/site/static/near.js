// Explorers on a page: when one comes near, the drawing code and its recording are loaded, each once.
// A page on a disk may not fetch a file, but it may run one: recordings are scripts that hand themselves over.

const NEAR = "600px";
const base = document.currentScript.src.replace(/[^/]*$/, "");
const scripts = new Map(); // file → when it has run
const received = new Map(); // name → the recording's text, then the recording

globalThis.adamkitSite = { receive: (name, text) => received.set(name, text) };

function ran(file) {
  if (!scripts.has(file)) {
    scripts.set(file, new Promise((resolve, reject) => {
      const ways = { src: base + file, onload: resolve, onerror: reject };
      document.head.append(Object.assign(document.createElement("script"), ways));
    }));
  }
  return scripts.get(file);
}

async function arrive(place) {
  const name = place.dataset.recording;
  await Promise.all([ran("explorer.js"), ran(`recorded/${name}.js`)]);
  if (typeof received.get(name) === "string") received.set(name, adamkitSite.unpack(received.get(name)));
  adamkitSite.mount(place, await received.get(name));
}

const near = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      arrive(target).catch(() => (target.dataset.state = "still")); // the recording is missing: the picture stays
    }
  },
  { rootMargin: NEAR },
);
document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(".adamkit-recording")) near.observe(place);
});
