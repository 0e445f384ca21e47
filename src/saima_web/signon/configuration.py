"""The identity provider as the environment names it; without an issuer there is none.

SAIMA_SSO_ISSUER  the provider's address, with /.well-known/openid-configuration below it
SAIMA_SSO_CLIENT  the client's number that the provider gave
SAIMA_SSO_SECRET  the client's secret
SAIMA_SSO_NAME    what the button on the log-in page says (default 统一身份认证)
SAIMA_SSO_CLAIM   the claim that holds the log-in name here (default preferred_username)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

PROVIDER = "sso"
"""The provider's name in addresses."""


def apps(environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """The provider as allauth wants it, in a list of one or none.

    Errors: ImproperlyConfigured for an issuer without a client or that is no address.
    """
    issuer = environ.get("SAIMA_SSO_ISSUER", "").rstrip("/")
    if not issuer:
        return []
    client, secret = environ.get("SAIMA_SSO_CLIENT", ""), environ.get("SAIMA_SSO_SECRET", "")
    if not client or not secret:
        raise ImproperlyConfigured(
            "设了 SAIMA_SSO_ISSUER，还要设 SAIMA_SSO_CLIENT 和 SAIMA_SSO_SECRET。"
        )
    if urlsplit(issuer).scheme not in ("http", "https") or not urlsplit(issuer).netloc:
        raise ImproperlyConfigured("SAIMA_SSO_ISSUER 应是网址，例如 https://id.example")
    return [
        {
            "provider_id": PROVIDER,
            "name": environ.get("SAIMA_SSO_NAME") or "统一身份认证",
            "client_id": client,
            "secret": secret,
            "settings": {
                "server_url": issuer,
                "oauth_pkce_enabled": True,
                "claim": environ.get("SAIMA_SSO_CLAIM") or "preferred_username",
            },
        }
    ]


def origin(app: Mapping[str, Any]) -> str:
    """Scheme, host and port of the provider, for the page's security policy."""
    parts = urlsplit(app["settings"]["server_url"])
    return f"{parts.scheme}://{parts.netloc}"
