// Runs before the page is painted: Airflow's theme when one was chosen there, and whether we stand in Airflow's frame.
(() => {
  const root = document.documentElement;
  const follow = () => {
    let theme = null;
    try {
      theme = localStorage.getItem("theme");
    } catch {
      // A browser that keeps nothing has no choice to follow: the system's theme stays.
    }
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  follow();
  addEventListener("storage", follow);
  if (window.parent !== window) root.dataset.framed = "";
})();
