"""Folders and files of ours beside a planner, closed to whom the planner itself is closed."""

from __future__ import annotations

import os


def make_folder(folder: str, planner: str) -> None:
    """Make a folder where there is none: for its owner alone where the planner is."""
    if not os.path.isdir(folder):
        private = os.path.exists(planner) and not os.stat(planner).st_mode & 0o077
        os.makedirs(folder, mode=0o700 if private else 0o777, exist_ok=True)


def make_file(path: str, planner: str) -> None:
    """Make an empty file where there is none, in a folder that is made too: who may use the planner may use it."""
    make_folder(os.path.dirname(path), planner)
    if os.path.exists(path):
        return
    try:
        file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    except FileExistsError:
        return  # another run's, made in between
    try:
        if os.path.exists(planner) and hasattr(os, "fchmod"):
            os.fchmod(file, os.stat(planner).st_mode & 0o666 | 0o600)
    finally:
        os.close(file)
