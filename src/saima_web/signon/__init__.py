"""Sign-on by the organisation's own identity provider (OpenID Connect), for users who exist here."""
