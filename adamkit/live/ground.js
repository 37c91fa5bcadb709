// Is the page behind a widget light or dark? JupyterLab says so in its theme; elsewhere the page itself is looked at.

// The nearest opaque background decides. Where there is none (the frames of VS Code and Colab are transparent), the
// page's own words do: they are light where the ground is dark.
function groundOf(el) {
  for (let at = el; at; at = at.parentElement) {
    const [brightness, alpha] = brightnessOf(getComputedStyle(at).backgroundColor);
    if (alpha > 0.5) return brightness < 0.5 ? "dark" : "light";
  }
  const [brightness] = brightnessOf(getComputedStyle(el.parentElement ?? el).color);
  return brightness > 0.5 ? "dark" : "light";
}

// [0 … 1, opacity] of any colour that CSS can name.
function brightnessOf(color) {
  const canvas = new OffscreenCanvas(1, 1);
  const ctx = canvas.getContext("2d");
  ctx.fillStyle = color;
  ctx.fillRect(0, 0, 1, 1);
  const [r, g, b, alpha] = ctx.getImageData(0, 0, 1, 1).data;
  return [(0.299 * r + 0.587 * g + 0.114 * b) / 255, alpha / 255];
}

// Make an element one of ours: our style, on this page's ground. Returns what undoes it.
function dress(el) {
  el.classList.add("adamkit");
  return followGround(el);
}

// Keep `data-ground` of a widget's element in line with the page; returns the function that ends it.
function followGround(el) {
  const show = () => {
    if (el.isConnected) el.dataset.ground = groundOf(el);
  };
  const later = () => requestAnimationFrame(show);
  const sized = new ResizeObserver(show); // also tells when the element comes into the page
  const changed = new MutationObserver(later);
  const preferred = matchMedia("(prefers-color-scheme: dark)");
  sized.observe(el);
  for (const page of [document.documentElement, document.body]) changed.observe(page, { attributes: true });
  preferred.addEventListener("change", later);
  show();
  return () => {
    sized.disconnect();
    changed.disconnect();
    preferred.removeEventListener("change", later);
  };
}
