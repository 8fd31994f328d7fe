"""Ways to send by the names of their options. Register a transport here and give it a module in `mail`.

Only the module of the one that was asked for is imported.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

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
    return Smtp(server, lambda: smtp_secret(server.user, server.host, token=server.xoauth2))


def microsoft365(say: Callable[[str], None]) -> Transport:
    """`--microsoft365`: the account that signs in with a code in the browser; `say` shows page and code."""
    from okr_workbook.mail.microsoft365 import Microsoft365, account_of

    account = cache(lambda: account_of(say))  # signing in waits until there is something to send
    return Microsoft365(lambda: account().token())


def outlook() -> Transport:
    """`--outlook`: the Outlook that is installed on this Windows machine."""
    from okr_workbook.mail.outlook import Outlook

    return Outlook()
