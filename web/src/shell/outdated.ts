const KEY = "trailkeeper.reloaded-at";
const AGAIN_AFTER_MS = 60_000;

/**
 * Reloads the page when a part of it cannot be loaded any more because the service was upgraded.
 * Not twice within a minute: then something else is wrong, and the page says so.
 */
export function reloadOnceWhenOutdated(): void {
  window.addEventListener("vite:preloadError", (event) => {
    const last = Number(window.sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last > AGAIN_AFTER_MS) {
      window.sessionStorage.setItem(KEY, String(Date.now()));
      event.preventDefault();
      window.location.reload();
    }
  });
}
