// One criterion on the page: its input, its box "cannot judge", its scale, its fault.
import { drawScale, hundredths, tidy } from "./sheet_mark.js";

export const ABSTAIN = "abstain";

export class Row {
  constructor(line) {
    this.line = line;
    this.code = line.dataset.code;
    this.least = Number(line.dataset.least);
    this.most = Number(line.dataset.most);
    this.step = Number(line.dataset.step);
    this.input = line.querySelector("[data-mark]");
    this.chosen = this.input.tagName === "SELECT"; // a veto: passed or failed
    this.box = line.querySelector("input[type=checkbox]");
    this.wrong = this.input.hasAttribute("aria-invalid");
  }
  start(bands) {
    this.words = bands;
    for (const button of this.line.querySelectorAll("button[hidden]")) button.hidden = false;
    // Tab leads to the next criterion; from within the mark A abstains and E shows the evidence.
    for (const other of [this.box, this.line.querySelector("[data-evidence]")]) other.tabIndex = -1;
  }
  get abstained() {
    return this.box.checked;
  }
  get mark() {
    return this.abstained ? ABSTAIN : tidy(this.input.value);
  }
  get value() {
    return this.abstained || this.wrong ? null : hundredths(this.mark);
  }
  set(mark) {
    this.box.checked = mark === ABSTAIN;
    this.input.value = mark === ABSTAIN ? "" : mark;
    this.refuse("");
    this.draw();
  }
  // As it is kept; what is wrong stays marked.
  tidy() {
    if (!this.abstained) this.input.value = this.mark;
  }
  draw() {
    this.line.querySelector(".mark").classList.toggle("blank", !this.input.value);
    const scale = this.line.querySelector(".scale");
    if (!scale) return;
    const value = this.value;
    const edges = this.line.dataset.edges.split(" ").map(Number);
    drawScale(scale, value === null ? null : value / 100, edges, this.words);
  }
  refuse(text) {
    this.wrong = Boolean(text);
    const place = this.line.querySelector(".msg.err");
    place.hidden = !text;
    place.querySelector("span").textContent = text;
    this.line.querySelector(".mark").classList.toggle("wrong", this.wrong);
    if (text) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }
}
