"""Where the templates are: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from os import path

_PACKAGE = path.dirname(path.dirname(__file__))
_FOLDERS = (path.join(_PACKAGE, "templates"), path.join(path.dirname(_PACKAGE), "templates"))


def template_folder() -> str:
    """The folder of the templates: the installed package's own, else the checkout's."""
    return next(folder for folder in _FOLDERS if path.isdir(folder))


def template_path(language: str, *, macros: bool = False) -> str:
    """The empty planner in one language, with or without macros."""
    return path.join(template_folder(), f"planner.{language}.{'xlsm' if macros else 'xlsx'}")
