// Sends a partner's files with a bar that shows how far it is. Without us the form sends itself.
(() => {
  const shown = (count) => `${(count / 1e6).toLocaleString("en-US", { maximumFractionDigits: 1 })} MB`;

  // Said before a gigabyte has gone over the line.
  const tooLarge = (input) => {
    const [file] = input.files;
    const limit = Number(input.dataset.limit);
    const message = file && file.size > limit ? `${file.name} has ${shown(file.size)}, more than ${shown(limit)}` : "";
    input.setCustomValidity(message);
    return message;
  };

  const showAnswer = (request, form) => {
    // A redirect to the day was followed; else the page came back with what is wrong.
    if (request.status === 200 && request.responseURL !== form.action) {
      location.assign(request.responseURL);
      return;
    }
    const answer = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
    if (!answer) {
      location.reload();
      return;
    }
    document.querySelector("main").replaceWith(answer);
    window.htmx.process(answer);
    answer.querySelector("[data-focus]")?.focus();
  };

  const send = (form) => {
    const button = form.querySelector("button.primary");
    const bar = form.querySelector("progress");
    const words = form.querySelector("[data-progress]");
    const rest = (text) => {
      button.disabled = false;
      button.classList.remove("htmx-request");
      words.textContent = text;
    };
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = loaded / total;
      words.textContent = loaded < total ? `${shown(loaded)} of ${shown(total)}` : "Being stored";
    });
    request.addEventListener("load", () => { rest(""); showAnswer(request, form); });
    request.addEventListener("error", () => rest("The connection was lost. What you chose is still here: try again."));
    button.disabled = true;
    button.classList.add("htmx-request");
    bar.parentElement.hidden = false;
    request.open("POST", form.action);
    request.send(new FormData(form));
  };

  // Also of a form that came back with what is wrong.
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-limit]") && tooLarge(target)) target.reportValidity();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-upload]")) return;
    event.preventDefault();
    if (event.target.reportValidity()) send(event.target);
  }, { capture: true });
})();
