"""Messages on their way out: real mail, a real gateway, real robots; quiet hours, digest, retry."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from saima.problems import Refused
from saima_web.base import clock
from saima_web.jobs.models import JobRun
from saima_web.messaging import actions
from saima_web.messaging.leaving import PAUSES
from saima_web.messaging.models import Channel, Delivery, Message
from saima_web.messaging.outbox import send_due
from saima_web.people.models import User
from saima_web.site.jobs import run_due
from tests.support.receivers import Gateway, gateway, post_office
from tests.web.cast import House

As = Callable[[User], Client]
CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=CHINA)
TEMPLATE = '{"to": "{phone}", "words": "{subject}", "more": {"url": "{link}", "who": "{name}"}}'


def channel(house: House, kind: str, **values: Any) -> Channel:
    return actions.save_channel(by=house.admin, kind=kind, name=f"通道{kind}", **values)


def tell(house: House, to: Any = None, subject: str = "请签收任务", **more: Any) -> list[Message]:
    return actions.tell(
        to=to or house.head, subject=subject, kind="task", campaign=house.campaign,
        link="/c/race/tasks/1/", **more,
    )  # fmt: skip


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def wants(user: User, **values: Any) -> None:
    actions.save_preference(by=user, **({"mail": "zhou@example.cn"} | values))


def test_without_channels_nothing_waits_and_nothing_runs(house: House) -> None:
    tell(house)
    assert not Delivery.objects.exists()
    run_due()
    assert not JobRun.objects.filter(job="messaging.send").exists()


def test_mail_arrives_with_its_words_and_link(house: House) -> None:
    with post_office() as post, clock.at(NOON):
        channel(house, "mail", address=post.address, sender="赛马平台 <saima@example.cn>")
        actions.save_house(by=house.admin, address="http://saima.example.cn")
        wants(house.head)
        tell(house, text="请于三日内签收。")
        assert states() == ["waiting"] and post.mails == []
        assert "messaging.send" in run_due()
    assert states() == ["sent"]
    mail = post.mails[0]
    assert mail["Subject"] == "请签收任务" and mail["To"] == "zhou@example.cn"
    assert "请于三日内签收。" in mail.get_content()
    assert "http://saima.example.cn/c/race/tasks/1/" in mail.get_content()


def test_who_gave_no_address_gets_no_mail(house: House) -> None:
    channel(house, "mail", address="127.0.0.1:1", sender="saima@example.cn")
    tell(house)
    assert not Delivery.objects.exists()


def test_who_stays_inside_the_platform_is_left_alone(house: House) -> None:
    channel(house, "mail", address="127.0.0.1:1", sender="saima@example.cn")
    wants(house.head, pace="inside")
    tell(house)
    assert not Delivery.objects.exists() and house.head.inbox.count() == 1


def test_a_gateway_gets_its_template_filled_and_no_value_breaks_the_frame(house: House) -> None:
    house.head.phone = "13900000000"
    house.head.save()
    with gateway(answer='{"code": 0}') as there, clock.at(NOON):
        channel(
            house, "http", address=there.address + "/sms?to={phone}", template=TEMPLATE,
            headers="Authorization: Bearer {secret}\nX-Kind: {kind}", secret="s3",
            expects='"code": 0',
        )  # fmt: skip
        tell(house, subject='引号"、换行\n和{phone}都不乱')
        send_due()
    call = there.calls[0]
    assert call.json["words"] == '引号"、换行\n和{phone}都不乱'
    assert call.json["to"] == "13900000000" and call.path == "/sms?to=13900000000"
    assert call.headers["Authorization"] == "Bearer s3" and states() == ["sent"]
    assert call.headers["X-Kind"] == quote("任务")


def test_people_without_phone_are_skipped_where_the_template_needs_one(house: House) -> None:
    channel(house, "http", address="http://127.0.0.1:1/", template=TEMPLATE)
    tell(house)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"status": 500}, "500"),
        ({"answer": '{"code": 7}'}, "code"),
        ({"status": 302, "location": "http://127.0.0.1:1/inside"}, "302"),
        ({"pause": 1.6}, "timed out"),
    ],
)
def test_a_gateway_that_refuses_redirects_or_sleeps_is_a_failure(
    house: House, told: dict[str, Any], why: str
) -> None:
    with gateway(**told) as there, clock.at(NOON):
        channel(
            house, "http", address=there.address, template='{"a": "{subject}"}', timeout=1,
            expects='"code": 0' if "answer" in told else "",
        )  # fmt: skip
        tell(house)
        assert send_due() == (0, 1)
    row = Delivery.objects.get()
    assert row.state == "waiting" and why in row.error and len(there.calls) == 1


def test_five_failures_end_it_the_administrator_sees_and_sends_again(
    house: House, as_user: As
) -> None:
    with gateway(status=500) as there:
        channel(house, "http", address=there.address, template='{"a": "{subject}"}')
        moment = NOON
        with clock.at(moment):
            tell(house)
            tell(house)
        for pause in (*PAUSES, timedelta(0)):
            with clock.at(moment):
                send_due()
            moment += pause
        assert states() == ["failed", "failed"] and len(there.calls) == 10
        assert house.admin.inbox.filter(kind="channel").count() == 1, "told once, not twice"
        assert house.system.inbox.filter(kind="channel").count() == 1
        there.status = 200
        client = as_user(house.admin)
        page = client.get("/messages/outbox/?box=failed").content.decode()
        assert "网关返回500" in page
        client.post("/messages/outbox/retry/")
        assert send_due() == (2, 0)
    assert states() == ["sent", "sent"]


def test_between_failures_it_waits(house: House) -> None:
    with gateway(status=503) as there, clock.at(NOON):
        channel(house, "http", address=there.address, template="{}")
        tell(house)
        send_due()
        send_due()
        assert len(there.calls) == 1


def test_an_interrupted_delivery_is_taken_up_again(house: House) -> None:
    with gateway() as there:
        channel(house, "http", address=there.address, template="{}")
        with clock.at(NOON):
            tell(house)
        Delivery.objects.update(state="sending", claimed_at=NOON)
        with clock.at(NOON + timedelta(minutes=10)):
            assert send_due() == (0, 0)
        with clock.at(NOON + timedelta(minutes=31)):
            assert send_due() == (1, 0)


def test_what_falls_into_quiet_hours_leaves_when_they_end(house: House) -> None:
    with gateway() as there:
        channel(house, "http", address=there.address, template="{}")
        with clock.at(NOON.replace(hour=22)):
            tell(house)
            send_due()
        assert there.calls == []
        assert Delivery.objects.get().due_at == NOON.replace(day=21, hour=7, minute=30)
        with clock.at(NOON.replace(day=21, hour=7, minute=30)):
            send_due()
        assert len(there.calls) == 1


def test_ones_own_quiet_hours_come_before_the_houses(house: House) -> None:
    channel(house, "http", address="http://127.0.0.1:1/", template="{}")
    wants(house.head, quiet_from=time(11, 0), quiet_to=time(13, 0))
    with clock.at(NOON):
        tell(house)
    assert Delivery.objects.get().due_at == NOON.replace(hour=13)


def test_a_digest_is_one_mail_a_day_without_what_was_read(house: House) -> None:
    with post_office() as post:
        channel(house, "mail", address=post.address, sender="saima@example.cn")
        wants(house.head, pace="digest")
        with clock.at(NOON):
            seen = tell(house, subject="已看过的")
            tell(house, subject="第一件")
            tell(house, subject="第二件")
            actions.mark_read(messages=seen, by=house.head)
            assert send_due() == (0, 0)
        with clock.at(NOON.replace(day=21, hour=8, minute=30)):
            send_due()
    assert len(post.mails) == 1 and "2条消息" in post.mails[0]["Subject"]
    words = post.mails[0].get_content()
    assert "第一件" in words and "第二件" in words and "已看过的" not in words
    assert states() == ["dropped", "sent", "sent"]


# --- robots -------------------------------------------------------------------------------------


def robot(house: House, kind: str, there: Gateway, **more: Any) -> Channel:
    key = "8a7b6c5d" if kind == "dingtalk" else "8a7b6c5d-1111-2222-3333-444455556666"
    return channel(house, kind, address=there.address, account=key, **more)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("dingtalk", "/robot/send?access_token=8a7b6c5d"),
        ("wecom", "/cgi-bin/webhook/send?key=8a7b6c5d-"),
        ("feishu", "/open-apis/bot/v2/hook/8a7b6c5d-"),
    ],
)
def test_a_units_own_robot_hears_what_its_unit_is_told(house: House, kind: str, path: str) -> None:
    with gateway(answer='{"errcode": 0, "code": 0}') as there, clock.at(NOON):
        robot(house, kind, there, unit=house.units["E1"])
        tell(house, to=house.units["E1"])
        tell(house, to=house.units["E2"], subject="别的单位的事")
        tell(house, to=house.head, subject="只给个人的事")
        assert send_due() == (1, 0)
    assert len(there.calls) == 1 and there.calls[0].path.startswith(path)
    assert "请签收任务" in json.dumps(there.calls[0].json, ensure_ascii=False)


def test_a_signed_robot_gets_a_signature(house: House) -> None:
    with gateway(answer='{"errcode": 0}') as there, clock.at(NOON):
        robot(house, "dingtalk", there, unit=house.units["E1"], secret="SEC" + "0a" * 32)
        tell(house, to=house.units["E1"])
        send_due()
    assert "sign=" in there.calls[0].path and "timestamp=" in there.calls[0].path


def test_the_campaigns_robot_hears_notices_only(house: House) -> None:
    with gateway(answer='{"errcode": 0}') as there, clock.at(NOON):
        robot(house, "wecom", there)
        tell(house, to=house.units["E1"])
        actions.announce(
            campaign=house.campaign, subject="通知", text="周三开会。", by=house.office
        )
        send_due()
    assert len(there.calls) == 1 and "周三开会。" in there.calls[0].json["text"]["content"]


@pytest.mark.parametrize("answer", ['{"errcode": 310000, "errmsg": "no keyword"}', '{"code": 9}'])
def test_a_robot_that_refuses_with_status_200_is_a_failure(house: House, answer: str) -> None:
    with gateway(answer=answer) as there, clock.at(NOON):
        robot(house, "feishu", there, unit=house.units["E1"])
        tell(house, to=house.units["E1"])
        assert send_due() == (0, 1)
    assert "拒收" in Delivery.objects.get().error


def test_a_robot_that_is_not_there_is_a_failure_in_words(house: House) -> None:
    with clock.at(NOON):
        channel(
            house,
            "wecom",
            address="http://127.0.0.1:1",
            account="8a7b6c5d-1",
            unit=house.units["E1"],
        )
        tell(house, to=house.units["E1"])
        assert send_due() == (0, 1)
    assert "ConnectionError" in Delivery.objects.get().error


# --- the administrator --------------------------------------------------------------------------

HTTP_FORM = {
    "name": "短信", "kind": "http", "on": "on", "address": "http://10.1.2.3:8080/sms",
    "method": "POST", "security": "none", "timeout": "10", "template": TEMPLATE, "secret": "s3cret",
}  # fmt: skip


def test_a_private_address_is_fine_and_the_secret_is_never_shown_again(
    house: House, as_user: As
) -> None:
    client = as_user(house.admin)
    page = client.post("/messages/channels/new/", HTTP_FORM, follow=True).content.decode()
    assert "通道已保存" in page and "s3cret" not in page
    row = Channel.objects.get()
    client.post(f"/messages/channels/{row.pk}/", HTTP_FORM | {"secret": "", "name": "短信二"})
    row.refresh_from_db()
    assert (row.secret, row.name) == ("s3cret", "短信二")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"address": "file:///etc/passwd"}, "http://"),
        ({"address": "ftp://10.1.2.3/"}, "http://"),
        ({"address": "http://{name}.example/"}, "http://"),
        ({"template": '{"a": {subject}}'}, "JSON"),
        ({"headers": "no colon"}, "请求头"),
        ({"timeout": "600"}, "1到60秒"),
        ({"kind": "mail"}, "邮件服务器"),
        ({"kind": "wecom"}, "密钥"),
    ],
)
def test_a_channel_that_cannot_work_is_not_saved(
    house: House, as_user: As, change: dict[str, str], said: str
) -> None:
    page = as_user(house.admin).post("/messages/channels/new/", HTTP_FORM | change)
    assert said in page.content.decode() and not Channel.objects.exists()


@pytest.mark.parametrize("who", ["office", "leader", "head", "viewer"])
def test_nobody_but_the_administrator_minds_the_channels(
    house: House, as_user: As, who: str
) -> None:
    with pytest.raises(Refused):
        actions.save_channel(by=house.people[who], kind="mail", name="邮件")
    assert as_user(house.people[who]).get("/messages/outbox/").status_code == 403
    assert not Channel.objects.exists()


def test_a_try_goes_through_the_outbox_and_not_in_the_request(house: House, as_user: As) -> None:
    with gateway() as there:
        row = channel(house, "http", address=there.address, template='{"a": "{name}"}')
        as_user(house.admin).post(f"/messages/channels/{row.pk}/try/")
        assert there.calls == []
        send_due()
        assert there.calls[0].json == {"a": "江启明"}
    assert "已发送" in as_user(house.admin).get(f"/messages/channels/{row.pk}/").content.decode()


def test_a_channel_switched_off_drops_what_waits(house: House) -> None:
    with gateway() as there, clock.at(NOON):
        row = channel(house, "http", address=there.address, template="{}")
        tell(house)
        actions.save_channel(by=house.admin, channel=row, on=False)
        send_due()
    assert there.calls == [] and states() == ["dropped"]


def test_a_channel_of_another_campaign_or_kind_carries_nothing(house: House) -> None:
    channel(house, "http", address="http://127.0.0.1:1/", template="{}", kinds=["score"])
    tell(house)
    assert not Delivery.objects.exists()


def test_what_was_sent_is_not_sent_again(house: House) -> None:
    with gateway() as there, clock.at(NOON):
        channel(house, "http", address=there.address, template="{}")
        tell(house)
        send_due()
        with pytest.raises(Refused, match="已发送"):
            actions.retry(deliveries=[Delivery.objects.get()], by=house.admin)
        send_due()
        assert len(there.calls) == 1
