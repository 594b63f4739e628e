// Comfort only: every page works without it.

// A form that was sent says so and is not sent twice. (Twice would still be one command: request_id.)
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  const button = event.submitter ?? form.querySelector("button[type=submit], button:not([type])");
  if (button) {
    button.setAttribute("aria-disabled", "true");
    button.dataset.says = button.textContent;
    button.textContent = "Envoi en cours…";
  }
});

// The browser's “back” shows the page as it was left. A form that was sent holds what was typed, and may be sent again;
// any other page is asked for again, so that nothing stays of a session that was left.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  const sent = document.querySelector("form[data-sent]:not([action='/deconnexion'])");
  if (!sent) {
    location.reload();
    return;
  }
  delete sent.dataset.sent;
  const button = sent.querySelector("[data-says]");
  if (button) {
    button.removeAttribute("aria-disabled");
    button.textContent = button.dataset.says;
  }
});

// A page may ask for one of its parts to be refreshed while something runs.
const live = document.querySelector("[data-refresh]");
if (live) {
  const again = async () => {
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = page.getElementById(live.id);
      if (!part) return;
      live.replaceChildren(...part.childNodes);
      if (part.hasAttribute("data-refresh")) setTimeout(again, 2000);
    } catch {
      setTimeout(again, 10000);
    }
  };
  setTimeout(again, 2000);
}

// Suggestions while typing: the same addresses as the search itself.
for (const input of document.querySelectorAll("input[data-suggest]")) {
  const list = document.getElementById(input.getAttribute("list"));
  let waiting;
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    if (input.value.length < 2) return;
    waiting = setTimeout(async () => {
      const answer = await fetch(input.dataset.suggest + "?q=" + encodeURIComponent(input.value));
      if (!answer.ok) return;
      const names = await answer.json();
      list.replaceChildren(...names.map((name) => new Option(name, name)));
    }, 200);
  });
}
