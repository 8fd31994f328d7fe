"""Ways to send by the names of their options. Register a transport here and give it a module in `mail`.

Only the module of the one that was asked for is imported.
"""

from __future__ import annotations

from okr_workbook.mail.transport import Transport


def drafts(folder: str) -> Transport:
    """`--drafts DIR`: .eml files for a person to look at and send."""
    from okr_workbook.mail.drafts import Drafts

    return Drafts(folder)


def smtp(url: str) -> Transport:
    """`--smtp URL`: a mail server. The password comes from the environment or the key store."""
    from okr_workbook.mail.passwords import smtp_secret
    from okr_workbook.mail.smtp import Smtp
    from okr_workbook.mail.smtp_url import parse_smtp_url

    server = parse_smtp_url(url)
    return Smtp(server, smtp_secret(server.user, server.host, token=server.xoauth2) if server.user else None)
