"""Found: the filter and its language, its SQL, its in-memory evaluator, cursors, answers."""
