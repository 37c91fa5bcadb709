// For a room: one switch enlarges pictures, controls and text of the whole page. The browser remembers it.

const ROOM = "adamkit-room";

function roomIsOn() {
  return document.documentElement.classList.contains(ROOM);
}

function setRoom(on) {
  document.documentElement.classList.toggle(ROOM, on);
  try {
    localStorage.setItem(ROOM, on ? "on" : "off");
  } catch {
    // a page without storage forgets it when it is closed
  }
  window.dispatchEvent(new Event(ROOM));
}

function recallRoom() {
  try {
    if (localStorage.getItem(ROOM) === "on") document.documentElement.classList.add(ROOM);
  } catch {
    // no storage, nothing to recall
  }
}

// A button that shows and turns the switch; every such button on the page follows.
function makeRoomButton() {
  const el = document.createElement("button");
  el.className = "adamkit-enlarge";
  el.type = "button";
  el.textContent = "Enlarge";
  el.title = "for a room: larger pictures and text on this page";
  const show = () => el.setAttribute("aria-pressed", String(roomIsOn()));
  el.addEventListener("click", () => setRoom(!roomIsOn()));
  window.addEventListener(ROOM, show);
  show();
  return { el, close: () => window.removeEventListener(ROOM, show) };
}

recallRoom();
