// What HTML and htmx cannot say: dialogs, links out of Airflow's frame, rows to remove, and what is read out.
(() => {
  const say = (text) => {
    const status = document.getElementById("status");
    status.textContent = "";
    // A live region is read when it changes: the same words twice must change it twice.
    requestAnimationFrame(() => { status.textContent = text; });
  };

  const warn = (text) => {
    const notice = document.getElementById("trouble");
    notice.textContent = text;
    notice.hidden = false;
  };

  // Airflow's frame is sandboxed without pop-ups and without leave to move the window around it. It is of our origin,
  // so the window around it can open the tab itself: docs/decisions/0099-links-out-of-the-frame.md.
  const openOutside = (event, link) => {
    let outer;
    try {
      outer = window.parent.document;
    } catch {
      return; // Framed by somebody else: the browser decides.
    }
    event.preventDefault();
    const twin = outer.createElement("a");
    twin.href = link.href;
    twin.target = "_blank";
    twin.rel = "noopener noreferrer";
    outer.body.append(twin);
    twin.click();
    twin.remove();
  };

  const removeRow = (button) => {
    const row = button.closest("[data-row]");
    const rows = row.parentElement;
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    const next = neighbour?.querySelector("input, select") ?? document.getElementById(rows.dataset.adder);
    next?.focus();
    say("Removed");
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[target=_blank]");
    if (link && window.parent !== window) openOutside(event, link);
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog).showModal();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
    const remover = event.target.closest("[data-remove]");
    if (remover) removeRow(remover);
  });

  // A form that is sent twice makes two runs.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent !== undefined) event.preventDefault();
    form.dataset.sent = "";
    event.submitter?.classList.add("htmx-request");
  });
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    document.querySelectorAll("button.htmx-request").forEach((button) => button.classList.remove("htmx-request"));
  });

  // The login was over, and the answer is Airflow's log-in page: the whole page has to go there, not a part of it.
  document.addEventListener("htmx:before:response", (event) => {
    const { raw, status } = event.detail.ctx.response;
    const type = raw.headers.get("Content-Type") ?? "";
    if (raw.redirected || status === 401) {
      event.preventDefault();
      location.reload();
    } else if (!type.startsWith("text/html")) {
      event.preventDefault();
      warn(`The server answered with ${status}. Load the page again; if that does not help, tell whoever runs Airflow.`);
    }
  });
  document.addEventListener("htmx:error", () => {
    warn("The server does not answer. What you typed is still here: try again in a moment.");
  });
  document.addEventListener("htmx:after:request", () => {
    document.getElementById("trouble").hidden = true;
  });
  document.addEventListener("htmx:after:settle", () => {
    const news = document.querySelector("[data-say]");
    if (!news) return;
    say(news.dataset.say);
    news.removeAttribute("data-say");
  });

  document.querySelector("[data-focus]")?.focus();
  // On a telephone the bar is longer than the screen.
  document.querySelector(".places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
})();
