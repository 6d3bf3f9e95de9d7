// The form of an application: autosave, kept in the browser while it cannot be sent, files with progress.
// Without this script the page works by its Save button.
import { startUploads } from "./application_files.js";
import { mergeDraft, showConflict } from "./application_conflict.js";
import { Kept } from "./kept.js";

const form = document.getElementById("application");
const WAIT = 900;
const RETRY = 5000;
const WORD = /[\u3007\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]|(?:(?![\u3007\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}])[\p{L}\p{N}_])+/gu;

const template = (id) => document.getElementById(id).content;
export const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
export const token = () => cookie("__Host-csrftoken") || cookie("csrftoken") || form.elements.csrfmiddlewaretoken.value;

// ------------------------------------------------------------------ what the inputs hold
const skipped = (input) => !input.name || input.type === "file" || ["csrfmiddlewaretoken", "version", "remove"].includes(input.name);

function read() {
  const values = {};
  for (const input of form.elements) {
    if (skipped(input) || input.tagName === "BUTTON") continue;
    if (input.type === "checkbox" && input.closest(".choices")) {
      values[input.name] ??= [];
      if (input.checked) values[input.name].push(input.value);
    } else if (input.type === "checkbox") {
      values[input.name] = input.checked ? "on" : "";
    } else {
      values[input.name] = input.value;
    }
  }
  return values;
}

function write(values) {
  for (const input of form.elements) {
    if (skipped(input) || input.tagName === "BUTTON" || !(input.name in values)) continue;
    const value = values[input.name];
    if (input.type === "checkbox") input.checked = Array.isArray(value) ? value.includes(input.value) : value === "on";
    else if (input.value !== value) input.value = value;
  }
  countAll();
}

export const same = (one, other) => JSON.stringify(one ?? "") === JSON.stringify(other ?? "");
const differ = (one, other) => Object.keys({ ...one, ...other }).some((name) => !same(one[name], other[name]));

// ------------------------------------------------------------------ the state that everybody sees
const saving = document.getElementById("saving");

export function say(state, words = "") {
  const source = template("words").querySelector(`[data-state="${state}"]`);
  saving.className = `saving ${source.dataset.class}`;
  saving.dataset.state = state;
  saving.replaceChildren(...source.cloneNode(true).childNodes);
  const slot = saving.querySelector("b");
  if (slot) slot.textContent = words;
  const link = saving.querySelector("a");
  if (link) link.href = form.dataset.login;
}

function fill(list, lines, id) {
  if (!list) return;
  const shown = [...list.querySelectorAll("li span")].map((line) => line.textContent);
  if (shown.join("\n") === lines.join("\n")) return;
  list.replaceChildren(
    ...lines.map((line) => {
      const item = template(id).cloneNode(true);
      item.querySelector("span").textContent = line;
      return item;
    }),
  );
}

// A fragment that our own server rendered; scripts in it would not run.
export function put(place, html) {
  place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
}

export function update(state) {
  for (const [id, lines] of Object.entries(state.fields)) {
    const wrapper = form.querySelector(`[data-field="${id}"]`);
    if (!wrapper) continue;
    wrapper.classList.toggle("wrong", lines.length > 0);
    fill(wrapper.querySelector("[data-msgs]"), lines, "message");
    invalid(document.getElementById(id), lines.length > 0);
  }
  for (const [id, cell] of Object.entries(state.cells)) {
    const input = document.getElementById(id);
    const change = document.getElementById(`${id}_yoy`);
    if (!input) continue;
    change.textContent = cell.change;
    change.classList.toggle("warn", cell.jump);
    if (input.tagName === "OUTPUT") {
      input.textContent = cell.value || "—";
      continue;
    }
    input.classList.toggle("wrong", cell.state === "wrong");
    input.classList.toggle("warned", cell.state === "warned");
    invalid(input, cell.state === "wrong");
  }
  for (const [id, row] of Object.entries(state.rows)) {
    const faults = document.getElementById(`${id}_faults`);
    const jumps = document.getElementById(`${id}_jumps`);
    if (!faults) continue;
    faults.hidden = row.faults.length === 0;
    fill(faults.querySelector("[data-msgs]"), row.faults, "message");
    const source = document.getElementById(`${id}-source`);
    source.classList.toggle("wrong", row.source);
    invalid(source, row.source);
    const text = document.getElementById(`${id}-explanation`);
    fill(jumps.querySelector("[data-jumps]"), row.jumps, "jump");
    jumps.hidden = row.jumps.length === 0 && !text.value && document.activeElement !== text;
  }
  put(document.getElementById("progress"), state.progress);
  put(document.getElementById("submit-actions"), state.actions);
}

function invalid(input, wrong) {
  if (!input || !("value" in input) || input.tagName === "FIELDSET") return;
  if (wrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

// ------------------------------------------------------------------ words
function count(line) {
  const text = document.getElementById(line.dataset.count).value;
  const number = (text.match(WORD) ?? []).length;
  line.querySelector("span").textContent = number;
  line.classList.toggle("over", number > Number(line.textContent.match(/\/\s*(\d+)/)?.[1] ?? Infinity));
}
const countAll = () => form.querySelectorAll("[data-count]").forEach(count);

// ------------------------------------------------------------------ saving
let version = Number(form.elements.version.value);
let base = read();
let timer = 0;
let sending = null;
let blocked = false;

const kept = form && new Kept(form.dataset.key, form.dataset.keys);
const keep = () => kept.write({ version, base, values: read() });
const forget = () => kept.forget();

function later(wait = WAIT) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

export async function save() {
  clearTimeout(timer);
  if (sending) {
    await sending;
    return differ(read(), base) ? save() : undefined;
  }
  if (blocked || !differ(read(), base)) return undefined;
  sending = send().finally(() => {
    sending = null;
  });
  return sending;
}

async function send() {
  const values = read();
  say("saving");
  let response;
  try {
    response = await fetch(form.dataset.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ version, values }),
    });
  } catch {
    say("local");
    later(RETRY);
    return;
  }
  if (response.status === 401 || response.status === 403) {
    const said = await response.json().catch(() => null);
    const signedOut = response.status === 401 || !said;
    say(signedOut ? "login" : "failed", signedOut ? "" : said.reasons?.[0]?.text);
    if (signedOut) later(RETRY);
    return;
  }
  if (response.status === 429 || response.status >= 500) {
    say("local");
    later(RETRY);
    return;
  }
  const answer = await response.json();
  if (response.status === 409 && answer.values) return conflict(answer);
  if (!response.ok) {
    say("failed", answer.reasons.map((reason) => reason.text).join(" "));
    return;
  }
  version = answer.version;
  base = values;
  form.elements.version.value = version;
  update(answer);
  if (differ(read(), base)) {
    keep();
    later();
  } else {
    forget();
    say("saved", answer.clock);
  }
}

function conflict(answer) {
  const { merged, clashes } = mergeDraft(base, read(), answer.values);
  version = answer.version;
  base = answer.values;
  form.elements.version.value = version;
  if (!clashes.length) {
    write(merged);
    keep();
    later(0);
    return;
  }
  blocked = true;
  keep();
  say("conflict");
  showConflict(form, clashes, { mine: read(), theirs: answer.values }, (chosen) => {
    write({ ...merged, ...chosen });
    blocked = false;
    keep();
    differ(read(), base) ? save() : (forget(), say("saved", ""));
  });
}

// What an earlier visit could not send is put back; where the draft went on elsewhere, both are shown.
function restore() {
  const stored = kept.read();
  if (!stored?.values) return;
  if (!differ(stored.values, base)) return forget();
  if (stored.version === version) {
    write({ ...base, ...stored.values });
    say("restored");
    later(0);
    return;
  }
  const saved = base;
  const now = version;
  write({ ...base, ...stored.values });
  base = stored.base ?? saved;
  conflict({ version: now, values: saved });
}

function start() {
  document.documentElement.classList.add("scripted");
  form.addEventListener("input", (event) => {
    if (skipped(event.target)) return;
    const line = form.querySelector(`[data-count="${event.target.id}"]`);
    if (line) count(line);
    keep();
    later();
  });
  form.addEventListener("change", (event) => {
    if (!skipped(event.target)) save();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  // Enter in a one-line field would press the first button of the form.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.tagName === "INPUT") event.preventDefault();
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-leave]");
    if (!link || (!differ(read(), base) && !sending)) return;
    event.preventDefault();
    await save();
    if (!differ(read(), base)) location.assign(link.href);
  });
  window.addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => (document.hidden ? save() : differ(read(), base) && later(0)));
  window.addEventListener("beforeunload", (event) => {
    if (differ(read(), base)) event.preventDefault();
  });
  countAll();
  restore();
  startUploads(form, { put, token, update });
}

if (form) start();
