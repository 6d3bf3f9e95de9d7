// Files of an application: sent as soon as they are chosen, with progress, while the form goes on.

let page; // what the form's own script lends: put, token, update; importing them would be a circle

const megabytes = (bytes) => (bytes / 1048576).toFixed(1);

export function startUploads(form, lent) {
  page = lent;
  for (const slot of form.querySelectorAll("[data-slot]")) {
    const input = slot.querySelector("input[type=file]");
    input.addEventListener("change", async () => {
      for (const file of [...input.files]) await upload(form, slot, file);
      input.value = "";
    });
  }
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    const body = new FormData();
    body.append("remove", button.value);
    send(form, button.closest("[data-slot]"), body, () => {});
  });
}

function upload(form, slot, file) {
  const place = slot.querySelector("[data-progress]");
  place.replaceChildren(document.getElementById("uploading").content.cloneNode(true));
  const line = place.querySelector("span");
  const bar = place.querySelector("progress");
  const total = megabytes(file.size);
  line.textContent = `${file.name} 0.0 / ${total} MB`;
  const body = new FormData();
  body.append("file", file);
  return send(form, slot, body, (sent) => {
    bar.value = file.size ? Math.min(100, (100 * sent) / file.size) : 100;
    line.textContent = `${file.name} ${megabytes(Math.min(sent, file.size))} / ${total} MB`;
  });
}

function send(form, slot, body, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const place = slot.querySelector("[data-progress]");
    request.open("POST", form.dataset.files.replace("SLOT", slot.dataset.slot));
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", page.token());
    request.upload.addEventListener("progress", (event) => progress(event.loaded));
    place.querySelector("button")?.addEventListener("click", () => request.abort());
    request.addEventListener("loadend", () => {
      place.replaceChildren();
      const answer = parsed(request);
      if (request.status === 200 && answer) {
        page.update(answer);
        page.put(slot.querySelector("[data-files]"), answer.files);
        slot.querySelector("[data-upload]").hidden = answer.room < 1;
      } else if (request.status || !aborted) {
        refuse(slot, answer);
      }
      resolve();
    });
    let aborted = false;
    request.addEventListener("abort", () => {
      aborted = true;
    });
    request.send(body);
  });
}

function parsed(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null;
  }
}

// Said at the slot; nothing else of the page changes.
function refuse(slot, answer) {
  const list = slot.querySelector("[data-msgs]");
  const words = answer?.reasons?.map((reason) => reason.text).join(" ") || list.dataset.failed;
  const item = document.getElementById("message").content.cloneNode(true);
  item.querySelector("span").textContent = words;
  list.replaceChildren(item);
  slot.classList.add("wrong");
}
