"""Carrying a parcel: by mail, through an HTTP gateway, by a group's robot."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from email.utils import formataddr, parseaddr
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext as _

from saima_web.messaging.models import Channel
from saima_web.messaging.parcels import (
    NotSent,
    Parcel,
    encoder,
    filled,
    in_address,
    in_header,
)
from saima_web.messaging.robots import send_by_robot

READ = 65536
"""So much of a gateway's answer is read."""
USUAL_TYPE = "application/json; charset=utf-8"


def send(channel: Channel, parcel: Parcel) -> None:
    """Carry a parcel. Errors: NotSent, in words for the administrator."""
    if channel.lost:
        raise NotSent(_("SAIMA_SECRET 换过，通道的地址、账号和口令解不开，请在通道里重新填写"))
    how: dict[str, Callable[[Channel, Parcel], None]] = {
        Channel.Kind.MAIL: send_mail,
        Channel.Kind.HTTP: send_http,
    }
    how.get(channel.kind, send_by_robot)(channel, parcel)


# --- mail ---------------------------------------------------------------------------------------


def send_mail(channel: Channel, parcel: Parcel) -> None:
    """One mail through the channel's own server (`host` or `host:port`)."""
    if not parcel.mail:
        raise NotSent(_("收件人没有填电子邮箱"))
    host, port = server_of(channel)
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend", host=host, port=port,
        username=channel.account, password=channel.secret, timeout=channel.timeout,
        use_tls=channel.security == Channel.Security.STARTTLS,
        use_ssl=channel.security == Channel.Security.SSL,
    )  # fmt: skip
    name, address = parseaddr(channel.sender or channel.account)
    mail = EmailMessage(
        " ".join(parcel.subject.split()), parcel.body, formataddr((name, address)), [parcel.mail],
        connection=connection,
    )  # fmt: skip
    try:
        mail.send()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(_("邮件服务器：%(error)s") % {"error": said(error)}) from error


def server_of(channel: Channel) -> tuple[str, int]:
    """The mail server's name and port; 465 for SSL, else 25, where none is given."""
    parts = urlsplit(f"//{channel.address}")
    usual = 465 if channel.security == Channel.Security.SSL else 25
    return parts.hostname or "", parts.port or usual


# --- an HTTP gateway ----------------------------------------------------------------------------


class StayHere(HTTPRedirectHandler):
    """Follows no redirect: only the address that the administrator entered is ever called."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def send_http(channel: Channel, parcel: Parcel) -> None:
    """One request as the channel's template says; success is 2xx and the expected words."""
    request = request_of(channel, parcel)
    opener = build_opener(StayHere(), ProxyHandler({}))
    try:
        with opener.open(request, timeout=channel.timeout) as answer:
            text = answer.read(READ).decode("utf-8", "replace")
    except HTTPError as error:
        raise NotSent(_("网关返回%(status)s") % {"status": error.code}) from error
    except (URLError, OSError, HTTPException, ValueError) as error:
        raise NotSent(_("网关：%(error)s") % {"error": said(error)}) from error
    if channel.expects and channel.expects not in text:
        raise NotSent(
            _("网关的回复里没有“%(expects)s”：%(text)s")
            % {"expects": channel.expects, "text": text[:120]}
        )


def request_of(channel: Channel, parcel: Parcel) -> Request:
    """The request that a channel's template makes of a parcel."""
    values = parcel.fields(channel.secret)
    headers = headers_of(channel, values)
    encode = encoder(headers["Content-Type"].lower())
    body = filled(channel.template, values, encode).encode()
    return Request(
        filled(channel.address, values, in_address), method=channel.method, headers=headers,
        data=None if channel.method == Channel.Method.GET else body,
    )  # fmt: skip


def headers_of(channel: Channel, values: dict[str, str]) -> dict[str, str]:
    """The channel's headers, one `Name: value` a line, JSON unless they say otherwise."""
    lines = (line.partition(":") for line in channel.headers.splitlines() if ":" in line)
    given = {name.strip().title(): value.strip() for name, _colon, value in lines}
    return {
        name: filled(value, values, in_header)
        for name, value in ({"Content-Type": USUAL_TYPE} | given).items()
    }


def said(error: Any) -> str:
    """What an error says of itself, at most a line."""
    reason = getattr(error, "reason", None)
    return (str(reason or error) or type(error).__name__).splitlines()[0][:160]
