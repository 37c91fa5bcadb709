// A picture alone: what `LiveFigure` shows.
export default {
  render({ model, el }) {
    const parts = makeStage(model);
    el.classList.add("adamkit");
    el.append(parts.stage);
    return parts.close;
  },
};
