"""The channels by name, and where each of them reaches a user."""

from typing import Final

from accounts.models import User
from notifications_app.channels import email
from notifications_app.channels.message import Channel, ChannelError, Message

__all__ = ["CHANNELS", "Channel", "ChannelError", "Message", "destinations"]

CHANNELS: Final[dict[str, Channel]] = {"email": email}


def destinations(user: User) -> list[tuple[str, str]]:
    """Channel and destination of everything that reaches `user`."""
    return [("email", user.email)] if user.is_active else []
