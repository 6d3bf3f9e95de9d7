// A ballot: the answer and its ground, saved as they are given. Without this script the form saves by its buttons.
import { Store } from "./sheet_store.js";
import { startEvidence } from "./sheet_tabs.js";
import { guard } from "./sheet_leave.js";
import { closed, oppose, show, state } from "./sheet_told.js";

const VOTE = "vote";
const COMMENT = "_comment";

startEvidence();
const form = document.querySelector("form[data-ballot]");
if (form) startBallot(form);

function startBallot(form) {
  const words = JSON.parse(form.dataset.words);
  const boxes = [...form.querySelectorAll("input[type=radio]")];
  const comment = form.elements.comment;
  const blocks = { [VOTE]: form.querySelector("[data-vote]"), [COMMENT]: form.querySelector(".comment") };
  const answer = () => boxes.find((box) => box.checked)?.value || "";
  const choose = (value) => boxes.forEach((box) => (box.checked = box.value === value));
  const given = (code) => (code === VOTE ? answer() : comment.value);
  const take = (code, value) => (code === VOTE ? choose(value) : (comment.value = value));

  const store = new Store({
    sheet: form.dataset.ballot,
    user: form.dataset.user,
    keys: form.dataset.keys,
    url: form.dataset.save,
    version: Number(form.dataset.version),
    saved: { [VOTE]: answer(), [COMMENT]: comment.value },
    tell: {
      state: (name, time) => state(words, name, time),
      refused: (code, text) => (code === VOTE ? refuse(text) : closed(text)),
      conflict: (code, there, here) => oppose(blocks[code], there, here, code === VOTE ? words : {}),
      changed: (code, value) => (take(code, value), weigh()),
      version: (number) => (form.elements.version.value = number),
      signedOut: () => show("signed-out", true),
      closed,
    },
  });

  function refuse(text) {
    const place = form.querySelector("#vote-fault");
    place.hidden = !text;
    place.querySelector("span").textContent = text;
  }

  function weigh() {
    form.querySelector("[data-submit]").classList.toggle("primary", Boolean(answer()));
    form.querySelector("[data-next]").classList.toggle("primary", !answer());
  }

  for (const box of boxes) {
    box.addEventListener("change", () => {
      refuse("");
      store.type(VOTE, answer());
      weigh();
    });
  }
  comment.addEventListener("input", () => store.type(COMMENT, comment.value));
  for (const button of form.querySelectorAll("[data-keep]")) {
    button.addEventListener("click", () => {
      const code = button.closest("[data-vote]") ? VOTE : COMMENT;
      if (button.dataset.keep === "there") take(code, store.saved[code] ?? "");
      blocks[code].querySelector("[data-conflict]").hidden = true;
      store.settle(code, given(code));
      weigh();
    });
  }
  guard(form, store, () => boxes[0].focus());

  if (form.dataset.locked) return;
  store.restore();
  weigh();
}
