"""E-mail: one mail to one address, through the operator's mail server.

The Message-ID is the message's id, the same for each try.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from trailkeeper.notify.channels.base import ChannelError, Receipt
from trailkeeper.notify.message import Message
from trailkeeper.notify.text import facts, in_short
from trailkeeper.outbound.errors import MailServerAway, OutboundError
from trailkeeper.outbound.letter import Letter, shown, to_mail
from trailkeeper.outbound.mail import Mail, Mailer

LOGGED = "No mail server is set up: the mail was written to the server's log."


@dataclass(frozen=True)
class EmailChannel:
    mailer: Mailer

    async def send(self, message: Message) -> Receipt:
        """Raises ChannelError; a single address that is refused holds up no other."""
        try:
            result = await self.mailer.send(to_email(message))
        except OutboundError as error:
            raise ChannelError(
                error.code,
                error.detail,
                is_permanent=error.is_permanent,
                holds=isinstance(error, MailServerAway),
            ) from None
        return Receipt(None, LOGGED if result.is_logged else "")


def to_email(message: Message) -> Mail:
    """For one alert all that is known of it; of several, a line each."""
    alert = message.single
    if alert is not None:
        told = facts(alert)
        label = "Show the events"
    else:
        lines = [in_short(each) for each in message.alerts]
        told = [(f"{number}.", line) for number, line in enumerate(lines, start=1)]
        label = "Show the events of the first"
    what = f"{shown(message.title)}, in {shown(message.organization)}."
    letter = Letter(
        subject=shown(message.title),
        what=f"{what} {message.rest}." if message.rest else what,
        facts=tuple((name, shown(value)) for name, value in told),
        link=(label, message.link(message.alerts[0])),
        if_not_you="Who gets these mails is set in Trailkeeper, under alert settings.",
    )
    return replace(to_mail(message.recipient, letter), message_id=message.id)
