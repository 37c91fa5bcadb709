// Puts an explorer where its picture stands, and feeds it from its recording. near.js says when.

const HOW = "This page plays recordings. What is dimmed moves with Python:";

async function mount(place, recording) {
  const { opening, play } = place.dataset;
  const player = playerOf(recording, Number(opening));
  const el = element("div");
  place.append(el);
  explorerView.render({ model: player, el });
  const still = () => {
    const names = new Set(player.still());
    for (const control of el.querySelectorAll("[data-control]")) {
      const off = names.has(control.dataset.control);
      const nodes = control.matches("fieldset") ? [control] : control.querySelectorAll("input, select");
      for (const node of nodes) node.disabled = off;
    }
  };
  const note = element("p", "adamkit-recorded-note", `${HOW} `);
  note.append(Object.assign(element("a", "", "how to get it"), { href: "index.html#with-python" }));
  el.append(note);
  player.on("change", still);
  still();
  place.player = player;
  place.dataset.state = "moving";
  if (play) player.send({ scenario: play, seq: -1 });
}

adamkitSite.unpack = unpack;
adamkitSite.mount = mount;
