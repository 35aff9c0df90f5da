"""People of an organization: members, roles, invitations."""
