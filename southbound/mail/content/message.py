"""A rendered mail as a message to one recipient, as a page and as files: what needs no drawing any more."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from datetime import date
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from pathlib import Path

from southbound.common.host_names import ascii_address
from southbound.mail.content.fitting import encoding


@dataclass(frozen=True, slots=True)
class RenderedMail:
    """A report in its form, the same for every recipient.

    Attributes:
        pictures: PNG bytes by the name that the HTML refers to.
    """

    day: date
    subject: str
    text: str
    html: str
    pictures: dict[str, bytes]


def addressed(rendered_mail: RenderedMail, sender: str, recipient: str) -> EmailMessage:
    """The mail for one recipient: nobody sees another's address."""
    mail = envelope(rendered_mail.subject, sender, recipient, rendered_mail.day.isoformat())
    mail.set_content(rendered_mail.text)
    page = rendered_mail.html
    for name in rendered_mail.pictures:
        page = page.replace(f'src="{name}"', f'src="cid:{name}@southbound"')
    mail.add_alternative(page, subtype="html", cte=encoding(page))
    html_part = mail.get_body(("html",))
    assert isinstance(html_part, EmailMessage)  # noqa: S101 - it was added in the line before
    for name, png in rendered_mail.pictures.items():
        html_part.add_related(
            png, "image", "png", cid=f"<{name}@southbound>", filename=name, disposition="inline"
        )
    return mail


def envelope(subject: str, sender: str, recipient: str, what: str) -> EmailMessage:
    """A message with its headers and no content yet.

    Args:
        subject: one line.
        sender: an address.
        recipient: another one.
        what: the message's own name, of the letters and signs that a Message-ID may have.
    """
    sender, recipient = ascii_address(sender), ascii_address(recipient)
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = f"Southbound <{sender}>"
    mail["To"] = recipient
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = message_id(what, sender, recipient)
    # RFC 3834: no out-of-office answers to this.
    mail["Auto-Submitted"] = "auto-generated"
    return mail


def message_id(what: str, sender: str, recipient: str) -> str:
    """The same for the same mail and recipient: one that is sent again can be told from a second one."""
    digest = hashlib.sha256(f"{what} {sender} {recipient}".encode()).hexdigest()[:24]
    return f"<{what}.{digest}@{sender.rpartition('@')[2]}>"


def standing_alone(rendered_mail: RenderedMail) -> str:
    """The page with its pictures inside, for a browser."""
    page = rendered_mail.html
    for name, png in rendered_mail.pictures.items():
        page = page.replace(f'src="{name}"', f'src="data:image/png;base64,{b64encode(png).decode()}"')
    return page


def write_preview(rendered_mail: RenderedMail, mail: EmailMessage, folder: Path) -> list[Path]:
    """Write the mail as it would be sent, and its page and pictures for the browser.

    Raises:
        OSError: the folder cannot be made or written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = f"southbound-{rendered_mail.day.isoformat()}"
    beyond_ascii = not str(mail["From"]).isascii() or not str(mail["To"]).isascii()
    as_sent = mail.as_bytes(policy=policy.SMTPUTF8 if beyond_ascii else policy.SMTP)
    files = {f"{name}.eml": as_sent, f"{name}.html": rendered_mail.html.encode(), **rendered_mail.pictures}
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return [folder / file for file in files]
