// Passkeys: what the server asks for stands in data-options as JSON, what the device answers goes into the hidden field beside it.
const BINARY = ["challenge", "id", "rawId", "clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// Texts of the server's options become bytes where the browser wants bytes.
function read(options) {
  const given = { ...options.publicKey };
  given.challenge = toBytes(given.challenge);
  if (given.user) given.user = { ...given.user, id: toBytes(given.user.id) };
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    if (given[name]) given[name] = given[name].map((row) => ({ ...row, id: toBytes(row.id) }));
  }
  return { publicKey: given };
}

function written(credential) {
  const response = {};
  for (const name of BINARY) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

for (const box of document.querySelectorAll("[data-passkey]")) {
  const [button, fault] = [box.querySelector("button"), box.querySelector("[role=alert]")];
  if (!window.PublicKeyCredential) continue; // the line that says so stays
  box.querySelector("[data-without]").hidden = true;
  button.hidden = false;
  button.addEventListener("click", async () => {
    fault.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      const credential = await navigator.credentials[box.dataset.passkey](read(JSON.parse(box.dataset.options)));
      box.querySelector("input").value = JSON.stringify(written(credential));
      box.closest("form").requestSubmit();
    } catch {
      fault.hidden = false;
      button.focus();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
