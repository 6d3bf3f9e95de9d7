// Messages stay until they are closed or the page changes; nothing that matters disappears by itself.
export function startToasts() {
  for (const button of document.querySelectorAll(".toast [data-close]")) {
    button.hidden = false;
    button.addEventListener("click", () => button.closest(".toast").remove());
  }
}
