from __future__ import annotations

import pytest

from tests.office.libreoffice import LibreOffice


@pytest.fixture(scope="session")
def running_libreoffice(soffice, tmp_path_factory):
    with LibreOffice(soffice, tmp_path_factory.mktemp("libreoffice")) as running:
        yield running


@pytest.fixture
def libreoffice(running_libreoffice):
    yield running_libreoffice
    running_libreoffice.close_all()
