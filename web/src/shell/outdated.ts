const KEY = "trailkeeper.reloaded-at";
const AGAIN_AFTER_MS = 60_000;

/**
 * Reloads the page when a part of it cannot be loaded any more because the service was upgraded.
 * Not twice within a minute: then something else is wrong, and the page says so.
 */
export function reloadOnceWhenOutdated(): void {
  window.addEventListener("vite:preloadError", () => {
    const last = Number(window.sessionStorage.getItem(KEY) ?? 0);
    if (Date.now() - last > AGAIN_AFTER_MS) {
      void isServiceThere().then((isThere) => {
        if (isThere) {
          window.sessionStorage.setItem(KEY, String(Date.now()));
          window.location.reload();
        }
      });
    }
  });
}

/** Whoever is offline keeps the page that they have: there is no newer one to be had. */
async function isServiceThere(): Promise<boolean> {
  if (!navigator.onLine) {
    return false;
  }
  try {
    return (await fetch("/healthz")).ok;
  } catch {
    return false;
  }
}
