"""Who could do what, when: rebuilt from what the log says of users, roles, keys and resources."""
