"""Getting in: passwords, sessions, second factors, passkeys, single sign-on."""
