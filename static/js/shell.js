// What every page may use. Pages work without it.
import { startMenus } from "./menu.js";
import { startDialogs } from "./dialog.js";
import { startToasts } from "./toasts.js";

startMenus();
startDialogs();
startToasts();

// A page meant for paper: its button shows only where it can print.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// After a refused form the summary of errors gets the focus, so that a screen reader begins there.
const focusErrors = (root) => root.querySelector(".form-errors")?.focus();
focusErrors(document);
document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));
