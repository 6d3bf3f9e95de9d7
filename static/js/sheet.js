// The score sheet: marks by keyboard, saved as they are typed. Without this script the form saves by its buttons.
import { Store } from "./sheet_store.js";
import { sums } from "./sheet_sum.js";
import { fault, written } from "./sheet_mark.js";
import { ABSTAIN, Row } from "./sheet_row.js";
import { startEvidence } from "./sheet_tabs.js";
import { guard } from "./sheet_leave.js";
import { closed, oppose, show, state } from "./sheet_told.js";

const COMMENT = "_comment";
const evidence = startEvidence();
const form = document.querySelector("form[data-sheet]");
if (form) startSheet(form);

function startSheet(form) {
  const words = JSON.parse(form.dataset.words);
  const comment = form.elements.comment;
  const rows = new Map([...form.querySelectorAll("[data-code]")].map((row) => [row.dataset.code, new Row(row)]));
  const blockOf = (code) => rows.get(code)?.line || form.querySelector(".comment");

  class Telling {
    state(name, time = "") {
      state(words, name, time);
    }
    refused(code, text) {
      if (code === COMMENT) this.closed(text);
      else rows.get(code)?.refuse(text);
    }
    conflict(code, there, here) {
      oppose(blockOf(code), there, here, rows.get(code)?.chosen ? { abstain: words.abstain, 1: words.passed, 0: words.failed_veto } : { abstain: words.abstain });
    }
    changed(code, value) {
      if (code === COMMENT) comment.value = value;
      else rows.get(code)?.set(value);
      addUp();
    }
    version(number) {
      form.elements.version.value = number;
    }
    signedOut() {
      show("signed-out", true);
    }
    closed(text) {
      closed(text);
    }
  }

  const saved = Object.fromEntries([...rows].map(([code, row]) => [code, row.mark]));
  const store = new Store({
    sheet: form.dataset.sheet,
    user: form.dataset.user,
    keys: form.dataset.keys,
    url: form.dataset.save,
    version: Number(form.dataset.version),
    saved: { ...saved, [COMMENT]: comment.value },
    tell: new Telling(),
  });

  function addUp() {
    const lines = [...form.querySelectorAll("[data-line]")].map((line) => {
      const row = rows.get(line.dataset.code);
      const value = row ? row.value : line.dataset.fixed === undefined ? null : Number(line.dataset.fixed);
      return {
        dimension: line.dataset.dimension,
        weight: BigInt(line.dataset.weight),
        most: BigInt(line.dataset.most),
        value: value === null ? null : BigInt(value),
        abstained: Boolean(row?.abstained),
      };
    });
    const found = sums(lines, form.dataset.scale, Number(form.dataset.digits));
    form.querySelector("[data-total]").textContent = found.total;
    for (const { code, points, most } of found.dimensions) {
      const head = form.querySelector(`[data-sum="${CSS.escape(code)}"]`);
      head.querySelector("[data-points]").textContent = points;
      head.querySelector("[data-most-points]").textContent = most;
    }
    const all = [...rows.values()];
    form.querySelector("[data-done]").textContent = all.filter((row) => row.mark && !row.wrong).length;
    const whole = all.every((row) => !row.wrong && (row.mark || row.line.dataset.needed !== "required"));
    form.querySelector("[data-submit]").classList.toggle("primary", whole);
    form.querySelector("[data-next]").classList.toggle("primary", !whole);
  }

  function typed(row) {
    const name = row.mark && !row.abstained ? fault(row.mark, row) : "";
    const named = { criterion: row.code, least: written(row.least), most: written(row.most), step: written(row.step) };
    row.refuse(name && words[name].replace(/\{(\w+)\}/g, (_whole, key) => named[key]));
    row.draw();
    store.type(row.code, row.mark, !name);
    addUp();
  }

  function step(row, times) {
    const now = row.value;
    const next = now === null ? (times > 0 || row.least < 0 ? 0 : row.most) : Math.min(Math.max(now + times * row.step, row.least), row.most);
    row.set(written(Math.round(next / row.step) * row.step));
    typed(row);
    row.input.select();
  }

  function focusHeld() {
    const held = [...store.held][0];
    (rows.get(held)?.input || (held === COMMENT ? comment : null))?.focus();
  }

  for (const row of rows.values()) {
    row.start(words.bands);
    row.input.addEventListener("input", () => {
      row.box.checked = false;
      typed(row);
    });
    row.input.addEventListener("change", () => row.tidy());
    row.input.addEventListener("focus", () => {
      if (!row.chosen) row.input.select();
      evidence.criterion(row.code);
    });
    row.box.addEventListener("change", () => {
      row.set(row.box.checked ? ABSTAIN : "");
      typed(row);
    });
    row.input.addEventListener("keydown", (event) => {
      const times = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (row.chosen && times) return;
      if (times) step(row, times);
      else if (event.key === "a" || event.key === "A") {
        row.set(row.abstained ? "" : ABSTAIN);
        typed(row);
      } else if (event.key === "e" || event.key === "E") evidence.show(row.code, row.input);
      else return;
      event.preventDefault();
    });
    for (const button of row.line.querySelectorAll("[data-by]")) button.addEventListener("click", () => step(row, Number(button.dataset.by)));
  }

  for (const button of form.querySelectorAll("[data-keep]")) {
    button.addEventListener("click", () => {
      const block = button.closest("[data-code], .comment");
      const code = block.dataset.code || COMMENT;
      const row = rows.get(code);
      const there = store.saved[code] ?? "";
      if (button.dataset.keep === "there" && row) row.set(there);
      if (button.dataset.keep === "there" && !row) comment.value = there;
      block.querySelector("[data-conflict]").hidden = true;
      store.settle(code, row ? row.mark : comment.value);
      addUp();
      (row?.input || comment).focus();
    });
  }

  comment.addEventListener("input", () => store.type(COMMENT, comment.value));
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-evidence]");
    if (!link) return;
    event.preventDefault();
    evidence.show(link.dataset.evidence, rows.get(link.dataset.evidence)?.input);
  });
  guard(form, store, focusHeld);

  if (form.dataset.locked) return;
  store.restore();
  addUp();
}
