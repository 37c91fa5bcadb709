"""A page that knows nothing of Jupyter, with one widget on it and a model that only has what anywidget promises."""

import base64

BYTES = {
    "view": "(bytes) => new DataView(bytes.buffer)",
    "array": "(bytes) => bytes",
    "buffer": "(bytes) => bytes.buffer",
    "lost": "() => undefined",
}

SHOW = """async ([state, first]) => {
  let carry = eval(first);
  const decode = (value) => {
    if (Array.isArray(value)) return value.map(decode);
    if (value === null || typeof value !== "object") return value;
    if ("base64" in value) return carry(Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0)));
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, decode(part)]));
  };
  const values = decode(state);
  carry = (bytes) => new DataView(bytes.buffer); // later messages bring their bytes everywhere
  const listeners = new Map();
  window.sent = [];
  const model = {
    get: (name) => values[name],
    set: (name, value) => { values[name] = value; },
    save_changes: () => {},
    send: (message) => window.sent.push(message),
    on: (name, callback) => listeners.set(name, [...(listeners.get(name) ?? []), callback]),
    off: (name, callback) => listeners.set(name, (listeners.get(name) ?? []).filter((other) => other !== callback)),
  };
  window.answer = (part) => {
    Object.assign(values, decode(part));
    for (const name of Object.keys(part)) for (const callback of listeners.get(`change:${name}`) ?? []) callback();
    for (const callback of listeners.get("change") ?? []) callback();
  };
  const style = document.createElement("style");
  style.textContent = values._css;
  document.head.append(style);
  const source = URL.createObjectURL(new Blob([values._esm], { type: "text/javascript" }));
  const widget = (await import(source)).default;
  const el = document.createElement("div");
  el.id = "widget";
  document.body.append(el);
  window.leave = await widget.render({ model, el });
}"""


def packed(value):
    """A state with its bytes as text, for the way into the page."""
    if isinstance(value, bytes | memoryview):
        return {"base64": base64.b64encode(bytes(value)).decode("ascii")}
    if isinstance(value, dict):
        return {name: packed(part) for name, part in value.items()}
    return [packed(part) for part in value] if isinstance(value, list | tuple) else value


def state_of(widget, names=None):
    """What a front end would be told of a widget."""
    return packed({name: part for name, part in widget.get_state(names).items() if name != "layout"})


class PlainPage:
    """One widget on a page of its own.

    Args:
        browser: Chromium.
        widget: an anywidget.
        style: CSS of the page.
        scheme: what the reader prefers, "light" or "dark".
        bytes: how binary traits arrive, a key of `BYTES`.
    """

    def __init__(self, browser, widget, *, style="", scheme="light", bytes="view"):
        self.widget, self.complaints = widget, []
        self.page = browser.new_page(viewport={"width": 1000, "height": 900}, color_scheme=scheme)
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(error.stack))
        self.page.set_content(f"<!doctype html><style>{style}</style><h1>A page</h1>")
        self.page.evaluate(SHOW, [state_of(widget), BYTES[bytes]])
        self.root = self.page.locator("#widget")

    def sent(self):
        """Messages to the kernel so far."""
        return self.page.evaluate("() => window.sent")

    def deliver(self):
        """Let the kernel's side handle what was sent, and bring the answer."""
        for message in self.sent():
            self.widget._handle_custom_msg(message, [])
        self.page.evaluate("() => { window.sent = []; }")
        self.page.evaluate("(part) => window.answer(part)", state_of(self.widget))

    def frames(self):
        """How often the picture was painted."""
        return int(self.root.locator("canvas").get_attribute("data-frames") or 0)

    def wait_for_frame(self, after=0):
        """Wait until the picture has been painted more often."""
        self.page.wait_for_function(
            "(after) => Number(document.querySelector('#widget canvas')?.dataset.frames ?? 0) > after", arg=after
        )

    def colors(self):
        """How many different colours the picture has."""
        return self.root.locator("canvas").evaluate("""(canvas) => new Set(new Uint32Array(
            canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size""")
