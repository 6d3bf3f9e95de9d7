// What every sheet does around its answers: nobody leaves it with something unsaved, and it is saved again when that can be.
export function guard(form, store, fallback) {
  async function leave(address) {
    if (await store.flush()) location.assign(address);
    else fallback();
  }
  const onward = () => form.querySelector("[data-next]");

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave((event.submitter || onward()).dataset.then);
  });
  for (const link of document.querySelectorAll("a[data-flush]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave(link.href);
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    leave(onward().dataset.then);
  });
  document.querySelector("[data-retry]")?.addEventListener("click", () => store.flush());
  addEventListener("online", () => store.flush());
  addEventListener("storage", (event) => event.key === "saima.signed_in" && store.flush());
  addEventListener("focus", () => store.stopped && store.flush());
  addEventListener("pagehide", () => store.dirty && store.flush());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
