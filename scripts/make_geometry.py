"""Take the two world maps out of the npm package plotly.js, and say whether they are those that are committed.

Needs node and npm. Run: ``python scripts/make_geometry.py``; exits 1 if a file changed, so that the diff is read.
The package and both maps are held to the checksums below: what is drawn is what its publisher released.
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "topojson"
PACKAGE = "plotly.js@4.1.1"
INTEGRITY = "sha512-fYLAOj091/+M4h1rmtVIkRIpdkz5/P9IdNUeB9wKmCUyvewuUdlCYR5ryqDWP7Cb36Dn4EvSrs6YKvRJ9ukNdQ=="
"""As the npm registry states it for this version."""
MEMBER = "package/dist/plotly-geo-assets.js"
MAPS = {
    "world_110m": "e1bf51740ad28396265e52123ea7315d692f112664ab2cb0f1ea76a96fe1bb0a",
    "world_50m": "20a160dbd13dd2bfa22f1858c0ae657860ea066d889563c51da383fd9696d759",
}
"""Name of the map → SHA-256 of its committed file."""

EVALUATE = """
const fs = require('fs'), vm = require('vm');
const around = {};
around.self = around.window = around.globalThis = around;
vm.runInNewContext(fs.readFileSync(process.argv[1], 'utf8'), around);
const found = around.PlotlyGeoAssets || around.moduleName;
process.stdout.write(JSON.stringify(found.topojson[process.argv[2]]));
"""


def main() -> int:
    """Write the maps; 0 where they equal what was there."""
    with tempfile.TemporaryDirectory() as scratch:
        assets = unpack(Path(scratch))
        changed = [name for name in MAPS if not write(name, evaluate(assets, name))]
    return 1 if changed else 0


def unpack(scratch: Path) -> Path:
    """The package's file of maps, after its checksum held."""
    subprocess.run(["npm", "pack", PACKAGE, "--silent"], cwd=scratch, check=True, stdout=subprocess.DEVNULL)
    (archive,) = scratch.glob("*.tgz")
    found = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != INTEGRITY:
        sys.exit(f"{PACKAGE} is not the package it was: expected {INTEGRITY}, got {found}")
    with tarfile.open(archive) as package:
        package.extract(MEMBER, scratch, filter="data")
    return scratch / MEMBER


def evaluate(assets: Path, name: str) -> bytes:
    """One map as JSON; the file is a script, so node reads it, without access to anything."""
    return subprocess.run(["node", "-e", EVALUATE, str(assets), name], check=True, capture_output=True).stdout


def write(name: str, content: bytes) -> bool:
    """Write one map; whether it is the one that was there and the one whose checksum stands above."""
    path = FOLDER / f"{name}.json"
    as_committed = path.is_file() and path.read_bytes() == content and hashlib.sha256(content).hexdigest() == MAPS[name]
    path.write_bytes(content)
    print(f"{path.name}: {len(content):,} bytes, {'as committed' if as_committed else 'CHANGED: read the diff'}")
    return as_committed


if __name__ == "__main__":
    sys.exit(main())
