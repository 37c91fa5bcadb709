// Canvas, film bar, pointer and outbox of one picture, put together.

function makeStage(model) {
  const outbox = makeOutbox(model);
  const picture = makePicture(model);
  const playback = makePlayback(picture);
  watchPointer(picture, outbox);
  const stage = document.createElement("div");
  stage.className = "adamkit-stage";
  stage.append(picture.canvas, playback.bar);

  // The scenery should have as many pixels as this screen shows of it.
  let asked = 1;
  const sharpen = new ResizeObserver(() => {
    const natural = picture.state?.scene.width;
    const ratio = natural ? (picture.canvas.clientWidth / natural) * devicePixelRatio : 1;
    if (ratio > asked * 1.05) {
      asked = ratio;
      outbox.post({ ratio });
    }
  });
  sharpen.observe(picture.canvas);

  function close() {
    sharpen.disconnect();
    picture.close();
    playback.stop();
    outbox.close();
  }
  return { stage, picture, playback, outbox, close };
}
