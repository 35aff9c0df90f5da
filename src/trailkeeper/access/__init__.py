"""Who may: organizations, API keys, the guard on each route, the directory of users seen."""
