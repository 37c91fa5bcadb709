// Play, pause, scrub and speed. Runs in the browser on the numbers it already has.

const SPEEDS = [0.25, 0.5, 1, 2, 4];

function makePlayback(picture) {
  const bar = document.createElement("div");
  bar.className = "adamkit-playback";
  bar.hidden = true;
  bar.innerHTML = `
    <button type="button" class="adamkit-play"></button>
    <input type="range" class="adamkit-scrub" min="0" max="1000" step="1" value="1000" aria-label="step shown">
    <output class="adamkit-step"></output>
    <select class="adamkit-speed" aria-label="speed" title="speed of the film">
      ${SPEEDS.map((s) => `<option value="${s}" ${s === 1 ? "selected" : ""}>${s}×</option>`).join("")}
    </select>`;
  const [button, scrub, step, speed] = bar.children;
  let playing = false;
  let last = 0;
  let request = 0;

  function show(share) {
    picture.share = share;
    scrub.value = Math.round(share * 1000);
    const steps = picture.state?.scene.playback?.steps ?? 0;
    step.textContent = `step ${Math.round(share * steps)} of ${steps}`;
    scrub.setAttribute("aria-valuetext", step.textContent);
    picture.repaint();
  }

  function setPlaying(now) {
    playing = now;
    button.dataset.state = playing ? "playing" : "paused";
    button.title = playing ? "pause" : "play";
    button.setAttribute("aria-label", button.title);
    cancelAnimationFrame(request);
    if (playing) {
      last = performance.now();
      request = requestAnimationFrame(advance);
    }
  }

  function advance(now) {
    const seconds = picture.state.scene.playback.seconds / Number(speed.value);
    const share = Math.min(1, picture.share + Math.max(0, now - last) / 1000 / seconds);
    last = now;
    show(share);
    if (share < 1) request = requestAnimationFrame(advance);
    else setPlaying(false);
  }

  function play() {
    if (!picture.state?.scene.playback) return;
    if (picture.share >= 1) show(0);
    setPlaying(true);
  }

  button.addEventListener("click", () => (playing ? setPlaying(false) : play()));
  scrub.addEventListener("input", () => {
    setPlaying(false);
    show(scrub.value / 1000);
  });
  let before = null; // what the kernel had asked for before this view, or before this message
  picture.onload.push(({ scene, plays, wholes }) => {
    bar.hidden = !scene.playback;
    if (!scene.playback) return;
    const asked = before !== null && plays > before.plays && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const whole = before !== null && wholes > before.wholes;
    before = { plays, wholes };
    if (whole) setPlaying(false);
    show(asked ? 0 : whole ? 1 : picture.share);
    if (asked) play();
  });
  setPlaying(false);
  return { bar, stop: () => setPlaying(false) };
}
