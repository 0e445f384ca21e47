"""The second factor (双因素): a code from a person's own device, or one of ten recovery codes.

allauth.mfa keeps the key and the codes, sealed by its adapter. The last step of time that was used
and how often a code was wrong stand in the same row, so that every server process knows them.
"""

from __future__ import annotations

import time
from typing import Any, Literal

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.utils.crypto import constant_time_compare

from saima.problems import declare, refuse
from saima_web.audit.actions import Ledger, writing
from saima_web.base.clock import now
from saima_web.people.actions import end_sessions
from saima_web.people.models import ADMINISTRATORS, User
from saima_web.people.permissions import posts_of, require

Verdict = Literal["code", "recovery code", "wrong", "locked"]
TRIES = 6
"""Wrong codes in a row after which none is taken for a while, as with passwords."""
PAUSE = 15 * 60
"""Seconds of that while."""
KINDS = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
NOT_OWN_RESET = declare(
    "own-second-factor",
    "不能给自己重置双因素。",
    "请在“我的账号—双因素”里用验证码或备用码停用；都没有了，请另一位管理员重置。",
    "nobody resets their own second factor.",
    "Turn it off on your account page with a code, or ask another administrator.",
)


def is_set_up(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def is_required(user: User) -> bool:
    """Whether `SAIMA_SECOND_FACTOR` asks it of a user."""
    if settings.SAIMA_SECOND_FACTOR == "administrators":
        return any(p.role in ADMINISTRATORS for p in posts_of(user))
    return bool(settings.SAIMA_SECOND_FACTOR == "all")


def new_key() -> str:
    """A key of 160 bits in base 32."""
    return str(generate_totp_secret())


def picture(user: User, key: str) -> str:
    """The key as a QR code: an SVG image of one path."""
    adapter = get_adapter()
    drawn: str = adapter.build_totp_svg(adapter.build_totp_url(user, key))
    return drawn[drawn.index("<svg") :]


def step_of(key: str, code: str) -> int | None:
    """The step of time, this one or a neighbour, at which a key gives a code."""
    for step in yield_hotp_counters_from_time():
        if constant_time_compare(format_hotp_value(hotp_value(key, step)), code):
            return int(step)
    return None


def set_up(*, user: User, key: str, code: str) -> list[str] | None:
    """Keep a key that a first code has shown to be on the user's device; the recovery codes.

    None where the code is not the key's. The user's other log-ins end elsewhere: see the view.
    """
    step = step_of(key, code)
    if step is None:
        return None
    with writing(user) as ledger:
        Authenticator.objects.filter(user=user, type__in=KINDS).delete()
        data = {"secret": get_adapter().encrypt(key), "step": step}
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
        ledger.record("second-factor.added", f"user/{user.pk}")
        return _recovery_codes(user)


def _recovery_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    return list(RecoveryCodes.activate(user).generate_codes())


def check(user: User, code: str) -> Verdict:
    """Whether a code is right now; each is taken once, and after six wrong ones none for a while."""
    code = "".join(code.split())
    with writing(user) as ledger:
        rows = Authenticator.objects.select_for_update()
        row = rows.filter(user=user, type=Authenticator.Type.TOTP).first()
        if row is None:
            return "wrong"
        if row.data.get("until", 0) > time.time():
            return "locked"
        how = _taken(row, user, code)
        _count(row, how is None, ledger)
        row.last_used_at = now() if how else row.last_used_at
        row.save(update_fields=["data", "last_used_at"])
    return how or "wrong"


def _taken(row: Any, user: User, code: str) -> Literal["code", "recovery code"] | None:
    step = step_of(get_adapter().decrypt(row.data["secret"]), code)
    if step is not None and step > row.data.get("step", -1):
        row.data["step"] = step
        return "code"
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if kept is not None and RecoveryCodes(kept).validate_code(code):
        return "recovery code"
    return None


def _count(row: Any, wrong: bool, ledger: Ledger) -> None:
    tries = row.data.get("tries", 0) + 1 if wrong else 0
    row.data |= {"tries": tries, "until": 0}
    if tries >= TRIES:
        row.data |= {"tries": 0, "until": time.time() + PAUSE}
        ledger.record("second-factor.locked", f"user/{row.user_id}")


def codes_left(user: User) -> int:
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(RecoveryCodes(kept).get_unused_codes()) if kept is not None else 0


def renew_codes(*, user: User) -> list[str]:
    """Ten new recovery codes; the old ones are worth nothing any more."""
    with writing(user) as ledger:
        ledger.record("second-factor.codes-renewed", f"user/{user.pk}")
        return _recovery_codes(user)


def turn_off(*, user: User) -> None:
    """A user's own second factor goes; who is required to have one is led to a new one."""
    with writing(user) as ledger:
        Authenticator.objects.filter(user=user, type__in=KINDS).delete()
        ledger.record("second-factor.removed", f"user/{user.pk}")


def reset(*, user: User, by: User) -> None:
    """A user who lost device and codes may set up anew; their log-ins end."""
    require(by, "people.manage")
    if by.pk == user.pk:
        raise refuse(NOT_OWN_RESET)
    with writing(by) as ledger:
        Authenticator.objects.filter(user=user, type__in=KINDS).delete()
        ledger.record("second-factor.reset", f"user/{user.pk}")
        end_sessions(user=user, by=by)
