"""Group robots of DingTalk, WeCom and Feishu, through Apprise where it is installed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from saima_web.base.clock import now
from saima_web.messaging.models import Channel
from saima_web.messaging.parcels import NotSent, Parcel

PATHS = {
    Channel.Kind.DINGTALK: "/robot/send?access_token={token}",
    Channel.Kind.WECOM: "/cgi-bin/webhook/send?key={key}",
    Channel.Kind.FEISHU: "/open-apis/bot/v2/hook/{token}",
}
"""Where a robot listens on its server; a private installation has the same path elsewhere."""

last = threading.local()


def send_by_robot(channel: Channel, parcel: Parcel) -> None:
    """Send to the group of a channel's robot. Errors: NotSent."""
    robot = robot_of(channel)
    last.trouble = ""
    last.secret = channel.secret if channel.kind == Channel.Kind.FEISHU else ""
    if not robot.notify(title=parcel.subject, body=parcel.body):
        raise NotSent(last.trouble or _("机器人没有收下消息"))


def robot_of(channel: Channel) -> Any:
    """Apprise's object for a channel. Errors: NotSent where Apprise is missing or the token wrong."""
    try:
        plugins = _plugins()
    except ImportError as error:
        raise NotSent(_("没有安装群机器人组件（apprise），请联系管理员")) from error
    plugin = plugins[channel.kind]
    if channel.address:
        parts = urlsplit(channel.address)
        where = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}{PATHS[channel.kind]}"  # type: ignore[index]
        plugin = type(plugin.__name__, (plugin,), {"notify_url": where})
    key = "key" if channel.kind == Channel.Kind.WECOM else "token"
    given: dict[str, Any] = {key: channel.account, "redirect": False}
    if channel.kind == Channel.Kind.DINGTALK and channel.secret:
        given["secret"] = channel.secret
    try:
        return plugin(cto=channel.timeout, rto=channel.timeout, **given)
    except TypeError as error:
        raise NotSent(_("机器人的密钥（token）不对，请核对")) from error


@cache
def _plugins() -> dict[str, Any]:
    """The three plugins; their answers are watched, because these servers refuse with status 200."""
    from apprise.plugins import dingtalk, feishu, wecombot

    for module in (dingtalk, feishu, wecombot):
        module.requests = Watched(module.requests)  # type: ignore[attr-defined]
    return {
        Channel.Kind.DINGTALK: dingtalk.NotifyDingTalk,
        Channel.Kind.WECOM: wecombot.NotifyWeComBot,
        Channel.Kind.FEISHU: feishu.NotifyFeishu,
    }


class Watched:
    """The library `requests` as Apprise's plugins see it: an answer that refuses is an error."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def post(self, *args: Any, **kwargs: Any) -> Any:
        if last.secret:
            kwargs["data"] = signed(kwargs["data"], last.secret, int(now().timestamp()))
        try:
            answer = self.inner.post(*args, **kwargs)
        except self.inner.RequestException as error:
            last.trouble = _("机器人：%(error)s") % {"error": type(error).__name__}
            raise
        trouble = refusal(answer)
        if trouble:
            last.trouble = trouble
            raise self.inner.RequestException(trouble)
        return answer


def signed(body: bytes, secret: str, moment: int) -> bytes:
    """A message to Feishu with its signature (签名校验), which Apprise does not add.

    The key of the HMAC is the second and the secret on two lines; what is signed is nothing.
    """
    key = f"{moment}\n{secret}".encode()
    sign = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    return json.dumps({**json.loads(body), "timestamp": str(moment), "sign": sign}).encode()


def refusal(answer: Any) -> str:
    """What a robot's answer refuses with, nothing where it took the message."""
    if answer.status_code != 200:
        return _("机器人返回%(status)s") % {"status": answer.status_code}
    try:
        told = answer.json()
    except ValueError:
        return ""
    code = told.get("errcode", told.get("code", 0)) if isinstance(told, dict) else 0
    if code in (0, None):
        return ""
    words = told.get("errmsg") or told.get("msg") or ""
    return _("机器人拒收：%(code)s %(words)s") % {"code": code, "words": str(words)[:120]}
