// An explorer: scenarios above, picture with film bar and caption, controls below or beside it.

export default {
  render({ model, el }) {
    const parts = makeStage(model);
    const scenarios = makeScenarios(model, parts.outbox);
    const panel = makePanel(model, parts.outbox);
    const caption = element("p", "adamkit-caption");
    caption.setAttribute("aria-live", "polite");
    const { caption: longest, last } = model.get("_room");
    const main = element("div", "adamkit-main");
    main.append(parts.stage, panel.el);
    const place = withRoom(caption, [longest]);
    if (!last) parts.stage.append(place);
    const explorer = element("section", "adamkit-explorer");
    explorer.setAttribute("aria-label", model.get("_title"));
    explorer.append(scenarios.el, main, ...(last ? [caption] : []));
    const undress = dress(el);
    // Keys pressed in here belong to the controls, not to the notebook's shortcuts.
    el.dataset.lmSuppressShortcuts = "true";
    el.addEventListener("keydown", (event) => event.stopPropagation());
    // Escape takes away the words that cover something, until the keyboard moves on.
    const hush = (event, on) => event.target.closest("[data-help]")?.classList.toggle("adamkit-hushed", on);
    explorer.addEventListener("keydown", (event) => event.key === "Escape" && hush(event, true));
    explorer.addEventListener("focusout", (event) => hush(event, false));
    el.append(explorer);

    function show() {
      scenarios.show();
      panel.show();
      caption.textContent = model.get("_caption");
      // Should a caption be longer than its explorer foresaw, the place grows once and stays.
      const room = place.lastChild;
      if (caption.textContent.length > room.textContent.length) room.textContent = caption.textContent;
    }
    model.on("change", show);
    show();
    return () => {
      model.off("change", show);
      undress();
      scenarios.close();
      parts.close();
    };
  },
};
