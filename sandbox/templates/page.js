// Loads the page again when something on it has changed, and not while it is out of sight.
const shown = document.body.dataset.version;
if (shown !== undefined) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch("/sandbox/version");
      if (answer.ok && (await answer.json()) !== shown) location.reload();
    } catch {
      // The sandbox is being restarted; the next look finds it again.
    }
  }, 4000);
}
