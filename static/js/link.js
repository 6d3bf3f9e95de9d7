// A one-time link has its secret behind #, which browsers send to nobody: out of the address and the history, into the form.
const form = document.querySelector("[data-link]");

function take() {
  const code = location.hash.slice(1);
  if (!/^[isp]-/.test(code)) return;
  history.replaceState(null, "", location.pathname);
  form.elements.code.value = code;
  form.requestSubmit();
}

take();
window.addEventListener("hashchange", take);
