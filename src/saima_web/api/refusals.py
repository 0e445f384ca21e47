"""What the interface refuses beside what its slices refuse, and how a refusal reads as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from saima.problems import Place, Problem, Refused, declare
from saima_web.people.permissions import NOT_ALLOWED
from saima_web.reporting.refusals import NOT_A_FIGURE, ON_BEHALF_UNNAMED
from saima_web.reporting.typed import BOUNDED, NOT_READ, WRONG_MEASURE

NO_TOKEN = declare(
    "api-no-token",
    "没有令牌，或令牌已过期、已撤销，或账号不能使用。",
    "请在“我的账号—接口令牌”新建令牌，放进请求头：Authorization: Bearer 令牌。",
    "there is no token, or it has expired or was revoked, or its owner's account is not in use.",
    "Make one under your account and send it as Authorization: Bearer.",
)
NO_SCOPE = declare(
    "api-no-scope",
    "这个令牌没有“{scope}”权限。",
    "请新建一个带这项权限的令牌。",
    "this token lacks the scope “{scope}”.",
    "Make a token with it.",
)
NOT_FOUND = declare(
    "api-not-found",
    "没有{what}，或不在您能看到的范围内。",
    "请核对地址；代码可从列表类调用取得。",
    "there is no {what}, or it is not within your reach.",
    "Check the address; the calls that list things give the codes.",
)
TOO_MANY = declare(
    "api-too-many",
    "这个令牌一分钟内的调用超过{most}次。",
    "请等{seconds}秒再试；成批的数用一次调用保存。",
    "this token made more than {most} calls within a minute.",
    "Try again in {seconds} seconds; save many figures by one call.",
)
BAD_REQUEST = declare(
    "api-bad-request",
    "请求的内容读不出来：{why}",
    "正文要是UTF-8的JSON。",
    "the request cannot be read: {why}",
    "The body must be JSON in UTF-8.",
)
BAD_INPUT = declare(
    "api-bad-input",
    "{why}",
    "请按接口说明改正后再试。",
    "{why}",
    "Mend it as the list of calls says.",
)
NO_PARAMETER = declare(
    "api-no-parameter",
    "这个调用没有参数“{name}”。",
    "可用的参数：{known}。",
    "this call has no parameter “{name}”.",
    "It takes: {known}.",
)
STATUS = {
    NOT_ALLOWED: 403,
    NO_SCOPE: 403,
    NOT_FOUND: 404,
    **dict.fromkeys(
        (NO_PARAMETER, NOT_A_FIGURE, NOT_READ, WRONG_MEASURE, BOUNDED, ON_BEHALF_UNNAMED), 422
    ),
}
"""The status of a refusal's code; 409, not possible now, for all others."""
WHY = {
    "missing": ("缺少这一项。", "this is missing."),
    "extra_forbidden": ("没有这一项。", "there is no such field."),
    "string_too_long": ("太长。", "this is too long."),
    "string_pattern_mismatch": ("含有不能用的字符。", "this has characters that are not allowed."),
    "too_long": ("太多。", "these are too many."),
    "too_short": ("至少要有一项。", "there must be at least one."),
}
"""The kind of an input's fault -> Chinese and English words; the others are told by their kind."""


def missing(what: str) -> Refused:
    """A refusal of something that is not there: `raise missing("2026-13")`."""
    return Refused(Problem(NOT_FOUND, Place(path=what[:80]), {"what": f"“{what[:80]}”"}))


def unknown_parameter(name: str, known: Iterable[str]) -> Refused:
    """A refusal of what stands after the question mark and is no parameter of the call."""
    values = {"name": name[:80], "known": "、".join(known) or "—"}
    return Refused(Problem(NO_PARAMETER, Place(path=name[:80]), values))


def as_data(problem: Problem) -> dict[str, Any]:
    """A problem in both languages, with its place."""
    told: dict[str, Any] = {
        "code": problem.code,
        "place": problem.place.text("zh"),
        "where": {k: v for k, v in vars(problem.place).items() if v},
    }
    for language, locale in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(locale):
            told[f"message_{language}"] = problem.message(language)  # type: ignore[arg-type]
            told[f"hint_{language}"] = problem.hint(language)  # type: ignore[arg-type]
    return told


def handle(api: NinjaAPI) -> None:
    """Let an API answer every refusal by problems in JSON."""

    def answer(request: HttpRequest, problems: Iterable[Problem], status: int) -> HttpResponse:
        data = {"problems": [as_data(p) for p in problems]}
        return api.create_response(request, data, status=status)

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        return answer(request, [error.problem], STATUS.get(error.problem.code, 409))

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        response = answer(request, [Problem(NO_TOKEN)], 401)
        response["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(Throttled)
    def throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
        values = {"most": MOST, "seconds": error.wait}
        response = answer(request, [Problem(TOO_MANY, values=values)], 429)
        response["Retry-After"] = str(error.wait)
        return response

    @api.exception_handler(Http404)
    def gone(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, [missing(request.path_info).problem], 404)

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        problem = Problem(BAD_REQUEST, values={"why": str(error)})
        return answer(request, [problem], error.status_code)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return answer(request, [_fault(e) for e in error.errors[:20]], 422)


MOST = 600
"""Calls a minute and token."""


def _fault(error: dict[str, Any]) -> Problem:
    place = ".".join(str(part) for part in error["loc"] if part != "body" or len(error["loc"]) == 1)
    zh, en = WHY.get(error["type"], (f"不符合要求（{error['type']}）。", f"{error['msg']}."))
    return Problem(BAD_INPUT, Place(path=place[:120]), {"why": _Two(zh, en)})


class _Two:
    """Words in the language that is active when they are written."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en

    def __str__(self) -> str:
        return self.en if translation.get_language() == "en" else self.zh

    def __format__(self, _spec: str) -> str:
        return str(self)
