"""Channels' addresses, accounts, secrets and headers are kept encrypted from here on."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from saima_web.base.sealed import Sealed


def seal(apps: Any, _schema: Any) -> None:
    """Save every channel once: what was kept open is read as it is and written sealed."""
    for channel in apps.get_model("messaging", "Channel").objects.all():
        channel.save(update_fields=["address", "account", "secret", "headers"])


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.AlterField(
            "channel", "address", Sealed(blank=True, max_length=400, verbose_name="地址")
        ),
        migrations.AlterField(
            "channel", "account", Sealed(blank=True, max_length=120, verbose_name="账号")
        ),
        migrations.AlterField(
            "channel", "secret", Sealed(blank=True, max_length=400, verbose_name="口令")
        ),
        migrations.AlterField("channel", "headers", Sealed(blank=True, verbose_name="请求头")),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
