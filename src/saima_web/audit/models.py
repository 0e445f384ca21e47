"""The ledger's tables: entries chained by hash, the head, personal text beside it, anchors."""

from __future__ import annotations

from typing import NoReturn

from django.conf import settings
from django.db import models

from saima.problems import declare, refuse

ENTRY_KEPT = declare(
    "entry-kept",
    "账本的记录不能删除。",
    "账本只增不改；个人文字可以按程序删除，记录本身保留。",
    "entries of the ledger are not deleted.",
    "The ledger only grows; personal words can be erased, the entry stays.",
)


class Kept(models.QuerySet["Entry"]):
    """Entries, of which none can be deleted or changed by the program."""

    def delete(self) -> NoReturn:
        raise refuse(ENTRY_KEPT)

    def update(self, **_fields: object) -> NoReturn:
        raise refuse(ENTRY_KEPT)


class Entry(models.Model):
    """One recorded fact. `number` counts from 1 without gaps; rows are never changed."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    event = models.CharField(max_length=60)
    campaign = models.CharField(max_length=40, blank=True, db_index=True)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    data = models.JSONField(default=dict)
    personal_digest = models.CharField(max_length=64, blank=True)
    algorithm = models.CharField(max_length=20)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects = Kept.as_manager()

    class Meta:
        ordering = ("number",)

    def delete(self, *_args: object, **_kept: object) -> NoReturn:
        raise refuse(ENTRY_KEPT)


class PersonalText(models.Model):
    """Words that may have to be erased, kept outside the chain; the chain holds a salted digest."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="personal")
    salt = models.CharField(max_length=32, blank=True)
    text = models.TextField(blank=True)
    erased_at = models.DateTimeField(null=True)


class Head(models.Model):
    """The end of the chain, one row; it is locked last in every transaction that writes."""

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)


class Anchor(models.Model):
    """The chain's end at a moment, as printed in a bulletin, so that a full re-hash shows."""

    number = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    printed_in = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("number",)


class Verification(models.Model):
    """When the chain was checked, and what was found."""

    at = models.DateTimeField()
    entries = models.PositiveBigIntegerField()
    sound = models.BooleanField()
    breaks = models.JSONField(default=list)

    class Meta:
        ordering = ("-at",)
