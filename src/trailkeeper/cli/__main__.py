"""`python -m trailkeeper.cli`."""

from __future__ import annotations

from trailkeeper.cli import main

if __name__ == "__main__":
    main()
