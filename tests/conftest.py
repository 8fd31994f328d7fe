"""What all tests share: hypothesis profiles, and the honest skip of office tests."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("default")

OFFICE_REQUIRED = os.environ.get("OKR_REQUIRE_OFFICE") == "1"


def find_soffice() -> str | None:
    """LibreOffice's program, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def pytest_collection_modifyitems(items):
    if OFFICE_REQUIRED:
        return
    missing = {
        "office": None if find_soffice() else "LibreOffice is not installed (set OKR_REQUIRE_OFFICE=1 to demand it)",
        "mailstack": None
        if os.path.exists("/usr/sbin/postfix") and os.path.exists("/usr/sbin/dovecot")
        else "Postfix and Dovecot are not installed (set OKR_REQUIRE_OFFICE=1 to demand them)",
    }
    for item in items:
        for marker, reason in missing.items():
            if reason and item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def soffice() -> str:
    """The path of LibreOffice's program; tests that use it carry the marker `office`."""
    found = find_soffice()
    assert found, "LibreOffice is required here and is not installed"
    return found
