"""Make .venv hold what a lock lists, by uv where it installs, else by pip. Quick where nothing changed.

Run: ``python3 scripts/environment.py requirements.lock`` (or ``requirements-dev.lock``). Standard library only: this
runs before anything is installed. Both installers check every hash, and follow the machine's own package index.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCKS = {
    "requirements.lock": ("requirements.lock",),
    "requirements-dev.lock": ("requirements.lock", "requirements-dev.lock"),
}
"""Lock → the locks that are satisfied once it is installed: the development lock holds the other one whole."""
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r")
FROM_PIP = {"PIP_INDEX_URL": "UV_DEFAULT_INDEX", "PIP_EXTRA_INDEX_URL": "UV_INDEX", "PIP_CERT": "SSL_CERT_FILE"}


def main() -> int:
    """Install the lock unless its stamp says that it is there; the exit code of the installer."""
    lock = sys.argv[1] if len(sys.argv) > 1 else "requirements.lock"
    if lock not in LOCKS:
        return refuse(f"There is no lock {lock!r}; choose one of: {', '.join(LOCKS)}.")
    if sys.version_info < (3, 11):  # noqa: UP036 - whatever Python is on the machine starts this
        return refuse(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}: make PYTHON=/path/to/python3")
    if is_installed(lock):
        return 0
    if not runs(PYTHON) and (code := create()):
        return code
    print(f"Installing {lock} into .venv", file=sys.stderr, flush=True)
    code = by_uv(lock)
    if code:
        print("uv could not; trying pip", file=sys.stderr, flush=True)
        code = run(PYTHON, *PIP, ROOT / lock)
    if code:
        return refuse(f"{lock} could not be installed: see above. Is a package index reachable (PIP_INDEX_URL)?")
    for name in LOCKS[lock]:
        stamp(name).write_text(fingerprint(name), encoding="utf-8")
    return 0


def refuse(words: str) -> int:
    """Say why, and give the exit code."""
    print(f"postflow: {words}", file=sys.stderr)
    return 1


def run(*command: str | Path, quiet: bool = False, env: dict[str, str] | None = None) -> int:
    """The exit code of a command; 127 where it does not exist."""
    out, words = subprocess.DEVNULL if quiet else None, [str(part) for part in command]
    try:
        return subprocess.run(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=env, check=False).returncode
    except OSError:
        return 127


def runs(python: Path) -> bool:
    """Whether the environment's interpreter is there, works and has pip."""
    return run(python, "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))", quiet=True) == 0


def create() -> int:
    """A fresh environment; one whose interpreter is gone is replaced."""
    if run(sys.executable, "-m", "venv", "--clear", VENV):
        return refuse("`python3 -m venv` could not make .venv. On Debian and Ubuntu: apt-get install python3-venv")
    return 0


def stamp(lock: str) -> Path:
    """Where it is noted what was installed."""
    return VENV / f".{lock}.sha256"


def fingerprint(lock: str) -> str:
    """Changes with the lock."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def is_installed(lock: str) -> bool:
    """Whether the stamp is that of the lock, and the environment still works."""
    return stamp(lock).is_file() and stamp(lock).read_text(encoding="utf-8") == fingerprint(lock) and runs(PYTHON)


def by_uv(lock: str) -> int:
    """Install with uv, itself at the version and hash of the development lock."""
    uv = BIN / "uv"
    if run(uv, "--version", quiet=True):
        listed = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
        pinned = re.search(r"^uv==.*?(?=^[a-z]|\Z)", listed, re.MULTILINE | re.DOTALL)
        if pinned is None:
            return 1
        with tempfile.TemporaryDirectory() as folder:
            alone = Path(folder) / "uv.txt"
            alone.write_text(pinned.group(), encoding="utf-8")
            if code := run(PYTHON, *PIP, alone):
                return code
    return run(uv, "pip", "install", "--quiet", "--python", PYTHON, *PIP[-2:], ROOT / lock, env=index_of_pip())


def index_of_pip() -> dict[str, str]:
    """The environment for uv, which reads pip's choice of index from here only."""
    told = {ours: os.environ[theirs] for theirs, ours in FROM_PIP.items() if os.environ.get(theirs)}
    return {"UV_PYTHON_DOWNLOADS": "never", **told, **os.environ}


if __name__ == "__main__":
    sys.exit(main())
