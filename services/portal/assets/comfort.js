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
    button.textContent = "Envoi en cours…";
  }
});

// The browser's “back” shows the page as it was left: the form may be sent again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
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
