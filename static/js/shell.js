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

// A page that loads itself anew must not call its reader back from the one they have just chosen.
let left = -Infinity;
const leaves = (event) => (event.type === "submit" || event.target.closest("a[href]")) && !event.defaultPrevented;
for (const kind of ["click", "submit"]) {
  document.addEventListener(kind, (event) => leaves(event) && (left = performance.now()));
}
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const waiting = performance.now() - left < 10_000; // a download leaves no page
  if (waiting && event.detail.xhr.getResponseHeader("HX-Refresh")) event.preventDefault();
});

// Signing out in one window closes this person's pages in the others too; what was not sent is kept for their next sign-in.
const SIGNED_OUT = "saima.signed_out";
const SERVED = 1500; // milliseconds, until the server has ended the session
document.addEventListener("submit", (event) => {
  if (!new URL(event.target.action).pathname.endsWith("/logout/")) return;
  try {
    localStorage.setItem(SIGNED_OUT, String(Date.now()));
  } catch {
    // The other windows find out with their next request.
  }
});
addEventListener("storage", (event) => event.key === SIGNED_OUT && setTimeout(() => location.reload(), SERVED));
