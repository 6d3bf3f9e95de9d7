// Two drafts of one application. What only one side changed is taken; what both changed, the writer decides.
const equal = (one, other) => JSON.stringify(one ?? "") === JSON.stringify(other ?? "");

export function mergeDraft(base, mine, theirs) {
  const merged = {};
  const clashes = [];
  for (const name of Object.keys({ ...theirs, ...mine })) {
    const ours = !equal(mine[name], base[name]);
    const changed = !equal(theirs[name], base[name]);
    merged[name] = ours ? mine[name] : (theirs[name] ?? mine[name]);
    if (ours && changed && !equal(mine[name], theirs[name])) clashes.push(name);
  }
  return { merged, clashes };
}

const template = (id) => document.getElementById(id).content.cloneNode(true);
const words = (value) => (Array.isArray(value) ? value.join(", ") : value === "on" ? "✓" : value || "—");

function labelOf(form, name) {
  const input = form.elements[name]?.length && !form.elements[name].tagName ? form.elements[name][0] : form.elements[name];
  const label = input?.getAttribute("aria-label") || input?.labels?.[0]?.textContent || input?.closest("fieldset")?.querySelector("legend")?.textContent;
  return (label ?? name).trim();
}

export function showConflict(form, names, { mine, theirs }, decide) {
  const place = document.getElementById("conflict");
  const panel = template("conflict-words");
  const body = panel.querySelector("tbody");
  names.forEach((name, index) => {
    const row = template("conflict-row");
    row.querySelector("th").textContent = labelOf(form, name);
    const [one, other] = row.querySelectorAll("input");
    one.name = other.name = `choice-${index}`;
    one.dataset.for = other.dataset.for = name;
    const [left, right] = row.querySelectorAll("label span");
    left.textContent = words(mine[name]);
    right.textContent = words(theirs[name]);
    body.append(row);
  });
  panel.querySelector("table").after(template("conflict-done"));
  place.replaceChildren(panel);
  place.hidden = false;
  place.setAttribute("tabindex", "-1");
  place.focus();
  place.querySelector("button").addEventListener("click", () => {
    const chosen = {};
    for (const input of place.querySelectorAll("input:checked")) {
      chosen[input.dataset.for] = input.value === "mine" ? mine[input.dataset.for] : theirs[input.dataset.for];
    }
    place.hidden = true;
    place.replaceChildren();
    decide(chosen);
  });
}
