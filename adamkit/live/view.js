// A picture alone: what `LiveFigure` shows.
export default {
  render({ model, el }) {
    const parts = makeStage(model);
    const undress = dress(el);
    el.append(parts.stage);
    return () => {
      undress();
      parts.close();
    };
  },
};
