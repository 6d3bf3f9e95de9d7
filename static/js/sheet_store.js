// What was typed and is not saved yet: kept on this device by sheet and person, sent in batches, each with a key, so that a batch
// whose answer was lost is not taken twice. `tell` hears of everything: state(name, time), refused(code, words),
// conflict(code, there, here), changed(code, value), signedOut(), closed(words).
import { Kept } from "./kept.js";

const COMMENT = "_comment";
const PAUSE = 700;
const AGAIN = 5000;

export class Store {
  constructor({ sheet, user, keys, url, version, saved, tell }) {
    Object.assign(this, { url, version, saved, tell });
    this.kept = new Kept(`saima.sheet.${sheet}.${user}`, keys);
    this.pending = {}; // code → {value, base: what was saved when it was typed}
    this.held = new Set(); // refused or in conflict: kept, not sent
    this.sending = null;
    this.batch = null;
  }

  // After loading the page: what this device still holds goes back into the fields, against what is saved now.
  restore() {
    for (const [code, { value, base }] of Object.entries(this.kept.read() ?? {})) {
      const there = this.saved[code] ?? "";
      if (value === there) continue;
      this.pending[code] = { value, base };
      this.tell.changed(code, value);
      if (there !== base) this.oppose(code, there);
    }
    this.keep();
    if (Object.keys(this.pending).length) this.soon(0);
  }

  keep() {
    if (this.clean) this.kept.forget();
    else this.kept.write(this.pending);
  }

  // `sound`: it may be sent; else it is kept as it was typed.
  type(code, value, sound = true) {
    const base = this.pending[code]?.base ?? this.saved[code] ?? "";
    this.held.delete(code);
    if (!sound) this.held.add(code);
    if (value === (this.saved[code] ?? "") && !(this.batch && code in this.batch.values)) delete this.pending[code];
    else this.pending[code] = { value, base };
    this.keep();
    this.soon(PAUSE);
  }

  oppose(code, there) {
    this.held.add(code);
    this.tell.conflict(code, there, this.pending[code].value);
  }

  // The evaluator chose between two values.
  settle(code, value) {
    this.held.delete(code);
    this.pending[code] = { value, base: this.saved[code] ?? "" };
    if (value === (this.saved[code] ?? "")) delete this.pending[code];
    this.keep();
    this.soon(0);
  }

  get clean() {
    return !Object.keys(this.pending).length;
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  // Sends all that can be sent; true when nothing is left.
  flush() {
    this.sending ??= this.send().finally(() => {
      this.sending = null;
      if (this.dirty) this.soon(PAUSE);
    });
    return this.sending;
  }

  get dirty() {
    return !this.stopped && Object.keys(this.pending).some((code) => !this.held.has(code));
  }

  async send() {
    clearTimeout(this.timer);
    this.stopped = false;
    while (this.batch || this.dirty) {
      if (!this.batch) {
        const codes = Object.keys(this.pending).filter((code) => !this.held.has(code));
        const values = Object.fromEntries(codes.map((code) => [code, this.pending[code].value]));
        this.batch = { key: newKey(), version: this.version, values };
      }
      this.tell.state("saving");
      let answer;
      try {
        answer = await this.post(this.batch);
      } catch {
        return this.stop("local", AGAIN);
      }
      if (!(await this.take(answer))) return false;
    }
    this.tell.state(this.clean ? "saved" : "failed", this.time);
    return this.clean;
  }

  post({ key, version, values }) {
    const { [COMMENT]: comment, ...marks } = values;
    const body = JSON.stringify({ key, version, marks, ...(comment === undefined ? {} : { comment }) });
    return fetch(this.url, {
      method: "POST",
      body,
      keepalive: true,
      redirect: "manual",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
    });
  }

  async take(answer) {
    const data = await answer.json().catch(() => null);
    if (answer.ok && data) return this.accept(data);
    if (answer.status === 422 && data?.fields) {
      for (const [code, words] of Object.entries(data.fields)) {
        this.held.add(code);
        this.tell.refused(code, words);
      }
      this.batch = null;
      return true;
    }
    if (answer.status === 409 && data?.conflict) return this.merge(data);
    // A new sign-in brings a new token: the old one is refused without data.
    if (answer.status === 401 || answer.type === "opaqueredirect" || (answer.status === 403 && !data)) {
      this.tell.signedOut();
      return this.stop("signed_out");
    }
    if (answer.status === 404) return this.stop("other");
    if (answer.status === 429 || answer.status >= 500) return this.stop("local", 2 * AGAIN);
    if (data?.reasons) {
      this.batch = null;
      this.tell.closed(data.reasons.map((reason) => reason.text).join(" "));
      return this.stop("failed");
    }
    return this.stop("local", 2 * AGAIN);
  }

  accept(data) {
    for (const [code, value] of Object.entries(this.batch.values)) {
      this.saved[code] = value;
      if (this.pending[code]?.value === value) delete this.pending[code];
      else if (this.pending[code]) this.pending[code].base = value;
    }
    this.version = data.version;
    this.time = data.saved || this.time;
    this.batch = null;
    this.keep();
    this.tell.version(this.version);
    return true;
  }

  // Saved elsewhere meanwhile: what was not touched here follows, what was typed here and changed there is shown with both values.
  merge(data) {
    const there = { ...data.marks, [COMMENT]: data.comment };
    this.batch = null;
    this.version = data.version;
    for (const code of new Set([...Object.keys(this.saved), ...Object.keys(there), ...Object.keys(this.pending)])) {
      const value = there[code] ?? "";
      const before = this.saved[code] ?? "";
      this.saved[code] = value;
      const mine = this.pending[code];
      if (!mine) {
        if (value !== before) this.tell.changed(code, value);
      } else if (mine.value === value) delete this.pending[code];
      else if (value !== mine.base) this.oppose(code, value);
    }
    this.keep();
    this.tell.version(this.version);
    return true;
  }

  stop(state, wait = 0) {
    this.stopped = true;
    this.tell.state(state);
    if (wait) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), wait);
    }
    return false;
  }
}

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Read anew each time: signing in again changes it.
function token() {
  return /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1] || "";
}
