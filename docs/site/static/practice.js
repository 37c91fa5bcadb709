// Predictions, self-checks and the pre-quiz answer a click. What was answered is kept in this browser, nowhere else.

const SHELF = "adamkit-site";
const KEPT_HERE = "Kept in this browser, nowhere else.";
const LETTERS = "ABCDEFGH";

function recalled() {
  try {
    return JSON.parse(localStorage.getItem(SHELF)) ?? {};
  } catch {
    return {}; // no storage, or something else in it: a fresh start
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(SHELF, JSON.stringify({ ...recalled(), [key]: value }));
  } catch {
    // a page without storage forgets it when it is closed
  }
}

function make(tag, className, text = "") {
  const el = document.createElement(tag);
  el.className = className;
  el.textContent = text;
  return el;
}

function button(className, text, click) {
  const el = make("button", className, text);
  el.type = "button";
  el.addEventListener("click", click);
  return el;
}

// A box like those of the page: the tone is "good", "warn" or "calm".
function boxOf(tone, title, body) {
  const el = make("div", `adamkit-said adamkit-said-${tone}`);
  el.setAttribute("role", "status");
  el.append(make("strong", "", title));
  if (body) el.append(body.cloneNode ? body : make("p", "", body));
  return el;
}

// Every option of a list becomes a button; `choose(number)` on a click, and `mark(number, tone)` shows which was taken.
function optionsOf(list, choose) {
  list.classList.add("adamkit-options");
  const buttons = [...list.children].map((item, i) => {
    const el = button("adamkit-option", "", () => choose(i));
    el.append(make("b", "", LETTERS[i]), ...item.childNodes);
    item.append(el);
    return el;
  });
  return (number, tone) => buttons.forEach((el, i) => {
    el.setAttribute("aria-pressed", String(i === number));
    el.dataset.tone = i === number ? tone : "";
  });
}

// What lies between the question and its answer, the answer included, is covered until there is a guess; not explorers.
function coverOf(question, reveal) {
  const cells = [...document.querySelectorAll(".cell")];
  const [from, to] = [question, reveal].map((el) => cells.indexOf(el.closest(".cell")));
  const outputs = cells.slice(from + 1, to + 1).map((cell) => cell.querySelector(".cell_output"));
  const shut = outputs.filter((output) => output && !output.querySelector(".adamkit-recording"));
  shut.forEach((output) => output.classList.add("adamkit-covered"));
  return () => shut.forEach((output) => output.classList.remove("adamkit-covered"));
}

function prediction(el) {
  const { key, answer, unit, within } = el.dataset;
  const reveal = document.querySelector(`.adamkit-reveal[data-key="${key}"]`);
  const list = el.querySelector("ol");
  const uncover = reveal ? coverOf(el, reveal) : () => {};
  const place = make("div", "");
  const title = reveal?.querySelector("strong");
  const plain = title?.textContent;
  let mark;

  function guessed(guess) {
    remember(key, guess);
    const right = list ? guess === Number(answer) : Math.abs(guess - answer) <= within * Math.abs(answer) + 1e-12;
    const words = list ? list.children[guess].querySelector("button").textContent.slice(1) : `${guess} ${unit}`.trim();
    mark?.(guess, "calm");
    place.replaceChildren(boxOf("calm", `Your guess: ${words}. Now read on.`, KEPT_HERE));
    uncover();
    if (title) title.textContent = right ? `You guessed it. ${plain}` : `You guessed: ${words}. ${plain}`;
    reveal?.firstElementChild.classList.add(right ? "adamkit-right" : "adamkit-wrong");
  }

  if (list) mark = optionsOf(list, guessed);
  else el.firstElementChild.append(numberField(unit, guessed));
  const skip = button("adamkit-skip", "Show it without a guess", () => {
    uncover();
    skip.remove();
  });
  el.firstElementChild.append(place, ...(reveal ? [skip] : []));
  const before = recalled()[key];
  if (before !== undefined) guessed(before);
}

function numberField(unit, guessed) {
  const form = make("form", "adamkit-number");
  const field = make("input", "");
  Object.assign(field, { type: "text", inputMode: "decimal", placeholder: "a number", ariaLabel: "your guess" });
  const said = make("span", "");
  said.setAttribute("role", "status");
  form.append(field, make("span", "", unit), button("", "Keep my guess", () => form.requestSubmit()), said);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const number = Number(field.value.replace(",", ".").replace("−", "-"));
    const readable = field.value.trim() !== "" && Number.isFinite(number);
    said.textContent = readable ? "" : "A number is needed, such as 0.1 or 3e-4.";
    if (readable) guessed(number);
  });
  return form;
}

function quiz(el) {
  const { key } = el.dataset;
  const chosen = recalled()[key] ?? {};
  const total = make("div", "");
  const questions = [...el.querySelectorAll("details")].map((answers) => answers.parentElement);
  const isRight = (item) => item.textContent.startsWith("✓");
  const rights = questions.map((question) => feedbackOf(question).findIndex(isRight));

  function show(number, option) {
    const question = questions[number];
    const right = option === rights[number];
    marks[number](option, right ? "good" : "bad");
    question.querySelector(":scope > .adamkit-said")?.remove();
    const words = make("p", "");
    words.innerHTML = feedbackOf(question)[option].innerHTML.replace(/^[✓✗]\s*/, "");
    question.querySelector("ol").after(boxOf(right ? "good" : "warn", right ? "✓ Right" : "✗ Not quite", words));
    if (Object.keys(chosen).length === questions.length) total.replaceChildren(boxOf("calm", summary(), KEPT_HERE));
  }

  function summary() {
    const missed = rights.flatMap((right, i) => (chosen[i] === right ? [] : [i]));
    const score = `${rights.length - missed.length} of ${rights.length} right.`;
    if (!el.dataset.titles) return score;
    const titles = JSON.parse(el.dataset.titles);
    const names = [...new Set(missed.map((i) => titles[i]))].sort();
    const then = names.length > 1 ? ` Then look at: ${names.slice(1).join(", ")}.` : "";
    return names.length ? `${score} Start with notebook ${names[0]}.${then}` : `${score} ${el.dataset.right}`;
  }

  const marks = questions.map((question, number) =>
    optionsOf(question.querySelector("ol"), (option) => {
      chosen[number] = option;
      remember(key, chosen);
      show(number, option);
    }),
  );
  el.firstElementChild.append(total);
  for (const [number, option] of Object.entries(chosen)) show(Number(number), option);
}

function feedbackOf(question) {
  return [...question.querySelectorAll("details li")];
}

// On the index: how much is kept, and a button that forgets it.
function kept(el) {
  const count = Object.keys(recalled()).length;
  if (!count) return;
  el.append(`${count} of your answers are kept in this browser, nowhere else. `, button("adamkit-skip", "Forget them", () => {
    localStorage.removeItem(SHELF);
    el.replaceChildren("Forgotten.");
  }));
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("#adamkit-kept").forEach(kept);
  document.querySelectorAll(".adamkit-predict").forEach(prediction);
  document.querySelectorAll(".adamkit-quiz").forEach(quiz);
});
