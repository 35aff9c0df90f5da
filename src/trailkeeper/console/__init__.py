"""Console: the pages that people look at, built from `web/` into `dist/`, served to browsers."""
