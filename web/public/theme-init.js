// Sets the theme before anything is painted. A file of its own: the content policy allows no
// inline script. The key is the one of src/look/colourScheme.ts.
(function () {
  var kept = window.localStorage.getItem("trailkeeper.theme");
  var isDark =
    kept === "dark" ||
    (kept !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
})();
