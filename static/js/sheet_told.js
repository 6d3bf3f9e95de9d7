// What a sheet or a ballot says while it is filled in.

// Both values of a mark or of the comment, with a choice between them.
export function oppose(block, there, here, words) {
  const shown = (value) => words[value] ?? (value || "—");
  const place = block.querySelector("[data-conflict]");
  place.querySelector("[data-there]").textContent = shown(there);
  place.querySelector("[data-here]").textContent = shown(here);
  for (const button of place.querySelectorAll("button")) button.hidden = false;
  place.hidden = false;
}

export function show(id, visible) {
  const place = document.getElementById(id);
  if (place) place.hidden = !visible;
}

// How the newest save went, wherever the page says so.
function saving(words, name, time = "") {
  const kind = name === "saved" ? "ok" : name === "saving" ? "" : "err";
  for (const place of document.querySelectorAll(".saving")) {
    place.classList.remove("ok", "err");
    if (kind) place.classList.add(kind);
    const compact = place.classList.contains("only-phone") && kind !== "err";
    place.replaceChildren(icon({ saved: "tick", saving: "sync" }[name] || "err"), compact ? "" : `${words}${time ? ` ${time}` : ""}`);
  }
}

// The same, with what follows from it: whoever is saved is signed in, and nothing is refused any more.
export function state(words, name, time = "") {
  saving(words[name], name, time);
  if (name === "saved" || name === "local") show("signed-out", false);
  if (name === "saved") show("refused", false);
}

// It takes nothing more, and says why.
export function closed(text) {
  document.querySelector("#refused [data-words]").textContent = text;
  show("refused", true);
}

function icon(name) {
  const address = document.querySelector("svg.i use").getAttribute("href").split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${address}#${name}`);
  svg.append(use);
  return svg;
}
