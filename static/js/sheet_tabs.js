// The evidence beside the marks: one tab at a time, and under "by criterion" the criterion that is being marked. Without this script
// all of it stands one below the other.

const phone = matchMedia("(max-width: 860px)");

export function startEvidence() {
  const nav = document.querySelector("[data-tabs]");
  const desk = document.getElementById("desk");
  if (!nav) return { show() {}, criterion() {} };
  const links = [...nav.querySelectorAll("a")];
  const views = [...document.querySelectorAll("[data-views] a")];
  const tabs = links.map((link) => document.getElementById(link.hash.slice(1)));
  const criteria = [...document.querySelectorAll("[data-criterion]")];

  function open(id) {
    tabs.forEach((tab, place) => {
      tab.hidden = tab.id !== id;
      mark(links[place], tab.id === id);
    });
  }
  function view(name, id = "") {
    desk.dataset.view = name;
    for (const link of views) mark(link, link.dataset.view === name && (name === "marks" || link.dataset.tabOf === id));
  }
  function criterion(code) {
    if (!criteria.some((part) => part.dataset.criterion === code)) return;
    for (const part of criteria) part.hidden = part.dataset.criterion !== code;
  }
  nav.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    open(link.hash.slice(1));
    if (phone.matches) view("evidence", link.hash.slice(1));
  });
  document.querySelector("[data-views]")?.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.tabOf) open(link.dataset.tabOf);
    view(link.dataset.view, link.dataset.tabOf);
    window.scrollTo({ top: desk.offsetTop - 120 });
  });
  open(tabs[0].id);
  view("marks");
  criterion(criteria[0]?.dataset.criterion);
  return {
    criterion,
    // The evidence of a criterion, with the focus in it; Escape gives it back.
    show(code, back) {
      open("ev-now");
      criterion(code);
      view("evidence", "ev-now");
      const part = document.getElementById(`ev-${code}`);
      part?.focus();
      part?.addEventListener(
        "keydown",
        (event) => {
          if (event.key !== "Escape") return;
          view("marks");
          back?.focus();
        },
        { once: true },
      );
    },
  };
}

function mark(link, current) {
  if (current) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}
