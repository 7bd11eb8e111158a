"""A report in its form: text, HTML and pictures. Loaded where a mail is drawn, and nowhere else."""

from functools import cache

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from southbound.common.language import local_name, spoken
from southbound.mail.content.fitting import Shown, fitted
from southbound.mail.content.message import RenderedMail
from southbound.mail.content.movers_image import movers_chart
from southbound.mail.content.report import Report
from southbound.mail.content.summary import headline, summary
from southbound.mail.content.unlinked import unlinked
from southbound.presentation import formatting, phrases
from southbound.presentation.links import Links
from southbound.presentation.messages import gettext, ngettext


def rendered(report: Report, links: Links) -> RenderedMail:
    """Write the texts and draw the pictures."""
    pictures = {f"movers-{number}.png": movers_chart(s) for number, s in enumerate(report.sections, start=1)}
    subject = gettext(
        "Southbound {day}: {headline}", day=formatting.day(report.day), headline=headline(report)
    )
    known = {
        "report": report,
        "headline": headline(report),
        "summary": summary(report),
        "links": links,
        "wording": formatting,
        "sentences": phrases,
        "language": spoken(),
        "local_name": local_name,
        "gettext": gettext,
        "ngettext": ngettext,
        "subject": subject,
        "pictures": list(pictures),
    }
    template = _templates().get_template("mail.html")
    page = fitted(lambda shown: _with_inlined_css(unlinked(template.render(known | {"shown": shown}))))
    text = _templates().get_template("mail.txt").render(known | {"shown": Shown()})
    return RenderedMail(report.day, subject, text, page, pictures)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("southbound.mail.content"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _with_inlined_css(page: str) -> str:
    # Many mail programs ignore a style sheet, but what is for dark mode can only be a rule.
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False).inline(page)
