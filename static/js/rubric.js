// The sum of the weights, in ten-thousandths so that 0.1 + 0.2 stays 0.3; rows marked for removal do not count.
const form = document.querySelector("[data-rubric]");
const status = form?.querySelector("[data-weights]");

function units(text) {
  const match = /^\s*(\d{1,3})(?:\.(\d{1,4}))?\s*$/.exec(text);
  return match ? Number(match[1]) * 10000 + Number((match[2] ?? "").padEnd(4, "0")) : 0;
}

function show() {
  let sum = 0;
  for (const input of form.querySelectorAll("[data-weight]")) {
    const row = input.closest("fieldset");
    const removed = row.querySelector("[name$='-DELETE']");
    if (!removed?.checked && !input.closest("[hidden]")) sum += units(input.value);
  }
  status.querySelector("[data-sum]").value = String(sum / 10000);
  status.classList.toggle("off", sum !== 1000000);
}

// Fields that the chosen kind does not have are out of sight; the server takes no notice of them.
function fit(kind) {
  for (const place of kind.closest("fieldset").querySelectorAll("[data-kinds]")) place.hidden = !place.dataset.kinds.split(" ").includes(kind.value);
}

for (const kind of form?.querySelectorAll("select[name$='-kind']") ?? []) {
  fit(kind);
  kind.addEventListener("change", () => {
    fit(kind);
    show();
  });
}

// Likewise those of another scoring function.
function shape(choice) {
  for (const place of choice.closest("fieldset").querySelectorAll("[data-shapes]")) place.hidden = !place.dataset.shapes.split(" ").includes(choice.value);
}

for (const choice of form?.querySelectorAll("select[name$='-shape']") ?? []) {
  shape(choice);
  choice.addEventListener("change", () => shape(choice));
}
form?.addEventListener("input", show);
