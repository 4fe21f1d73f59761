// Keeps the page up to date while it is in sight, and sends its forms without leaving it.
let shown = document.body.dataset.version;

function take(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceWith(fresh);
  }
  shown = page.body.dataset.version ?? shown;
  return page;
}

if (shown !== undefined) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const version = await fetch("/sandbox/version");
      if (!version.ok || (await version.json()) === shown) return;
      const page = await fetch(location.pathname);
      if (page.ok) take(await page.text());
    } catch {
      // The sandbox is being restarted; the next look finds it again.
    }
  }, 2000);
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const said = form.querySelector("output");
  const buttons = form.querySelectorAll("button");
  const body = new URLSearchParams(new FormData(form, event.submitter));
  buttons.forEach((button) => (button.disabled = true));
  said.textContent = "";
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    const fresh = take(await answer.text()).getElementById(said.id);
    said.className = fresh ? fresh.className : "said bad";
    said.textContent = fresh ? fresh.textContent : `The sandbox answered ${answer.status}.`;
  } catch {
    said.className = "said bad";
    said.textContent = "The sandbox does not answer.";
  } finally {
    buttons.forEach((button) => (button.disabled = false));
    event.submitter?.focus();
  }
});
