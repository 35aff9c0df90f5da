"""The wire of channels, alert settings, deliveries and the inbox."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from trailkeeper.notify.alert import AlertKind, Severity
from trailkeeper.notify.channel_changes import Channel
from trailkeeper.notify.deliveries import Delivery, DeliveryState
from trailkeeper.notify.inbox import Notification
from trailkeeper.notify.plan import AlertPlan
from trailkeeper.notify.setting_changes import AlertSetting
from trailkeeper.notify.targets import (
    ChannelKind,
    EmailTarget,
    InAppTarget,
    MattermostTarget,
    PagerDutyTarget,
    SlackTarget,
    TeamsTarget,
    WebhookTarget,
)
from trailkeeper.notify.trial import Trial

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
PerMinute = Annotated[int, msgspec.Meta(ge=1, le=6000)]
OverlapHours = Annotated[int, msgspec.Meta(ge=0, le=720)]


class NewChannel(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A way to tell. `per_minute` bounds its calls; what is more goes out together."""

    name: Name
    target: (
        EmailTarget
        | InAppTarget
        | MattermostTarget
        | PagerDutyTarget
        | SlackTarget
        | TeamsTarget
        | WebhookTarget
    )
    is_enabled: bool = True
    per_minute: PerMinute | None = None


class ChannelChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change; what is left out stays. `target` replaces all of it, of the same kind."""

    name: Name | UnsetType = UNSET
    target: (
        EmailTarget
        | InAppTarget
        | MattermostTarget
        | PagerDutyTarget
        | SlackTarget
        | TeamsTarget
        | WebhookTarget
        | UnsetType
    ) = UNSET
    is_enabled: bool | UnsetType = UNSET
    per_minute: PerMinute | UnsetType = UNSET


class SecretRotation(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """For how long the secret before signs as well."""

    overlap_hours: OverlapHours = 24


class ChannelView(msgspec.Struct, kw_only=True):
    """A channel. Of what is called only the host is ever shown, as `hint`."""

    id: str
    name: str
    kind: ChannelKind
    hint: str | None
    to: list[str]
    is_enabled: bool
    per_minute: int
    held_until: datetime | None
    created_by: str
    created_at: datetime
    updated_at: datetime


class IssuedChannelView(ChannelView, kw_only=True):
    """A channel, with the secret that was made for it: shown this once."""

    secret: str | None


class ChannelList(msgspec.Struct, kw_only=True):
    items: list[ChannelView]


class TrialView(msgspec.Struct, kw_only=True):
    """What became of a test message, and what the far end said."""

    is_delivered: bool
    response_code: int | None
    said: str
    error: str | None
    elapsed_ms: int


class NewAlertSetting(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Which alerts reach whom."""

    name: Name
    plan: AlertPlan
    is_enabled: bool = True


class AlertSettingChanges(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What to change; what is left out stays. `plan` replaces the whole plan."""

    name: Name | UnsetType = UNSET
    plan: AlertPlan | UnsetType = UNSET
    is_enabled: bool | UnsetType = UNSET


class AlertSettingView(msgspec.Struct, kw_only=True):
    id: str
    name: str
    is_enabled: bool
    plan: AlertPlan
    created_at: datetime
    updated_at: datetime


class AlertSettingList(msgspec.Struct, kw_only=True):
    items: list[AlertSettingView]


class DeliveryView(msgspec.Struct, kw_only=True):
    """One alert through one channel. `message_id` is what the far end sees, on each try."""

    id: str
    channel_id: str
    channel_name: str | None
    detection_id: str
    rule_title: str
    severity: Severity
    what: AlertKind
    recipient: str
    state: DeliveryState
    message_id: str | None
    attempts: int
    next_at: datetime
    response_code: int | None
    error: str | None
    created_at: datetime
    sent_at: datetime | None


class DeliveryList(msgspec.Struct, kw_only=True):
    items: list[DeliveryView]
    next_cursor: str | None


class NotificationView(msgspec.Struct, kw_only=True):
    """One alert in your inbox. `link` is a path below the public address."""

    id: int
    title: str
    what: AlertKind
    severity: Severity
    detection_id: str
    rule_id: str
    rule_title: str
    group: str
    count: int
    reasons: list[str]
    link: str
    is_read: bool
    created_at: datetime


class Inbox(msgspec.Struct, kw_only=True):
    """Unread ones first. `unread` counts all of them, not only this page's."""

    items: list[NotificationView]
    unread: int
    next_cursor: str | None


class UnreadCount(msgspec.Struct, kw_only=True):
    unread: int


def to_channel_view(channel: Channel) -> ChannelView:
    return msgspec.convert(channel, ChannelView, from_attributes=True)


def to_issued_channel_view(channel: Channel, secret: str | None) -> IssuedChannelView:
    shown = {name: getattr(channel, name) for name in ChannelView.__struct_fields__}
    return IssuedChannelView(**shown, secret=secret)


def to_trial_view(trial: Trial) -> TrialView:
    return msgspec.convert(trial, TrialView, from_attributes=True)


def to_setting_view(setting: AlertSetting) -> AlertSettingView:
    return msgspec.convert(setting, AlertSettingView, from_attributes=True)


def to_delivery_view(delivery: Delivery) -> DeliveryView:
    alert = delivery.alert
    return DeliveryView(
        id=delivery.id,
        channel_id=delivery.channel,
        channel_name=delivery.channel_name,
        detection_id=alert.detection_id,
        rule_title=alert.rule_title,
        severity=alert.severity,
        what=alert.what,
        recipient=delivery.recipient,
        state=delivery.state,
        message_id=delivery.message,
        attempts=delivery.attempts,
        next_at=delivery.next_at,
        response_code=delivery.response_code,
        error=delivery.error,
        created_at=delivery.created_at,
        sent_at=delivery.sent_at,
    )


def to_notification_view(notification: Notification) -> NotificationView:
    """As the inbox lists it, and as the live feed sends it."""
    content = notification.content
    return NotificationView(
        id=notification.id,
        title=content.title,
        what=content.what,
        severity=content.severity,
        detection_id=content.detection_id,
        rule_id=content.rule_id,
        rule_title=content.rule_title,
        group=content.group,
        count=content.count,
        reasons=content.reasons,
        link=content.link,
        is_read=notification.is_read,
        created_at=notification.created_at,
    )
