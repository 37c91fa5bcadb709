// Canvas, film bar, pointer and outbox of one picture, put together.

const HANDLE_HELP = "The arrow keys move the point; with Shift, a little.";

function makeStage(model) {
  const stage = document.createElement("div");
  stage.className = "adamkit-stage";
  const outbox = makeOutbox(model, (sent, idle) => Object.assign(stage.dataset, { sent, idle }));
  const picture = makePicture(model);
  const playback = makePlayback(picture);
  watchPointer(picture, outbox);
  // Front ends that lose the bytes of a widget's first state deliver those of a later message.
  if (!bytesOf(model.get("_background")).length) outbox.post({ resend: true });
  stage.append(picture.canvas, playback.bar);

  // The scenery should have as many pixels as this screen shows of it.
  let asked = 1;
  function sharpen() {
    const natural = picture.state?.scene.width;
    const ratio = natural ? (picture.canvas.clientWidth / natural) * devicePixelRatio : 1;
    if (ratio <= asked * 1.05) return;
    asked = ratio;
    outbox.post({ ratio });
  }
  const observer = new ResizeObserver(sharpen);
  observer.observe(picture.canvas);
  picture.onload.push(sharpen, ({ scene }) => {
    stage.style.setProperty("--natural-width", `${scene.width}px`);
    stage.style.setProperty("--aspect", scene.width / scene.height);
    if (scene.pointer && scene.handle >= 0) {
      stage.dataset.help = HANDLE_HELP;
      picture.canvas.setAttribute("aria-description", HANDLE_HELP);
    }
  });

  function close() {
    observer.disconnect();
    picture.close();
    playback.stop();
    outbox.close();
  }
  return { stage, picture, playback, outbox, close };
}
