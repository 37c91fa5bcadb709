// Before reveal.js takes over: what does not fit on a slide goes on to the next, and what is too wide is set smaller.
"use strict";

const WIDTH = 1120, HEIGHT = 670, SMALLEST = 12; // pixels: of the frame, with room for margins; of a table's text

/** True for what may be cut between its children. */
function divisible(node) {
  return ["DIV", "SECTION", "UL", "OL", "LI", "TBODY", "BLOCKQUOTE", "DL", "DETAILS", "ARTICLE", "FIELDSET"].includes(node.tagName) ||
    (node.tagName === "TABLE" && node.tBodies.length > 0);
}

/** An empty copy of a node, for what goes on from it: a table repeats its head, a list its numbers. */
function continued(node, kept) {
  const copy = node.cloneNode(false);
  copy.removeAttribute("id");
  if (node.tagName === "TABLE" && node.tHead) copy.append(node.tHead.cloneNode(true));
  if (node.tagName === "OL") copy.start = (node.start || 1) + kept;
  return copy;
}

/** True for what is seen: neither notes nor what is folded away. */
function seen(node) {
  return node.offsetHeight > 0 && node.checkVisibility();
}

/** Cut a listing between two lines: what lies below the limit comes back in a copy, or null. */
function cutLines(pre, limit) {
  let left = Math.floor((limit - pre.getBoundingClientRect().top) / parseFloat(getComputedStyle(pre).lineHeight)) - 1;
  if (left < 3) return null;
  const texts = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    for (let at = text.data.indexOf("\n"); at >= 0; at = text.data.indexOf("\n", at + 1)) {
      if (--left > 0) continue;
      const range = document.createRange(), rest = pre.cloneNode(false);
      range.setStart(text, at + 1);
      range.setEndAfter(pre.lastChild);
      if (!range.toString().trim()) return null;
      rest.append(range.extractContents());
      return rest;
    }
  }
  return null;
}

/** Cut a node: what lies below the limit, a height in the window, comes back in a copy of it; null if nothing can. */
function cut(node, limit) {
  const { paddingBottom, borderBottomWidth } = getComputedStyle(node);
  const lowest = limit - parseFloat(paddingBottom) - parseFloat(borderBottomWidth);
  const children = [...node.children].filter((child) => child.tagName !== "ASIDE" && child.tagName !== "THEAD");
  const first = children.findIndex((child) => seen(child) && child.getBoundingClientRect().bottom > lowest);
  if (first < 0) return null;
  const rest = continued(node, first), below = children.slice(0, first).some(seen);
  // What is not tall is not torn: it goes to the next slide as a whole.
  const whole = below && children[first].offsetHeight < 0.6 * HEIGHT;
  const inner = whole ? null : parted(children[first], lowest);
  if (inner) rest.append(inner);
  else if (below) rest.append(children[first]);
  else if (first + 1 === children.length) return null; // one thing alone, too tall
  rest.append(...children.slice(first + 1));
  return rest.children.length > (rest.tHead ? 1 : 0) ? rest : null;
}

/** The lower part of a child, if it can be cut. */
function parted(child, limit) {
  return child.tagName === "PRE" ? cutLines(child, limit) : divisible(child) ? cut(child, limit) : null;
}

/** A heading that the cut left at the foot of its slide goes with what it heads. */
function takeHeading(slide, rest) {
  let last = slide;
  while (last && !/^H[1-4]$/.test(last.tagName)) last = [...last.children].filter((child) => seen(child)).at(-1);
  if (last && slide.innerText.trim().length > last.innerText.trim().length) rest.prepend(last);
}

/** Tables and formulas that are too wide are set smaller; pictures too tall for what is left are scaled into it. */
function shrink(slide, top) {
  for (const wide of slide.querySelectorAll("table")) {
    let size = parseFloat(getComputedStyle(wide).fontSize);
    while (wide.offsetWidth > WIDTH && size > SMALLEST) wide.style.fontSize = `${(size -= 1)}px`;
  }
  for (const formula of slide.querySelectorAll("mjx-container[display]")) {
    const width = formula.firstElementChild.getBoundingClientRect().width;
    if (width > WIDTH) formula.style.setProperty("font-size", `${Math.floor((99 * WIDTH) / width)}%`, "important");
  }
  for (const picture of slide.querySelectorAll("img, svg")) {
    if (!seen(picture) && picture.tagName === "IMG") continue;
    const room = HEIGHT - (picture.getBoundingClientRect().top - top);
    if (picture.getBoundingClientRect().height > room && room > 250) picture.style.setProperty("max-height", `${room}px`, "important");
  }
}

/** Make every slide fit. */
function fit() {
  const slides = document.querySelector(".reveal .slides");
  slides.classList.add("measuring");
  const stack = [...slides.querySelectorAll("section")].filter((section) => !section.querySelector("section"));
  for (let slide of stack) {
    for (let more = 0; more < 40; more++) {
      const top = slide.getBoundingClientRect().top;
      shrink(slide, top);
      const rest = cut(slide, top + HEIGHT);
      if (!rest) break;
      if (slide.parentElement === slides) { // a slide without others below it becomes the first of a column
        const column = document.createElement("section");
        slide.replaceWith(column);
        column.append(slide);
      }
      slide.after(rest);
      takeHeading(slide, rest);
      slide = rest;
    }
  }
  slides.classList.remove("measuring");
}
