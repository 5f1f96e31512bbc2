#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""provenance.py [write]: compares the tables in docs/provenance.md with what cargo and pip say of the
crates and Python packages that the tests use, or writes them anew. Each must come from a registry,
in the version and with the digest of a lock file, under a licence that is accepted here.

To be run by the Python that has the packages in proofs/requirements.txt (scripts/proofs_python.sh).
"""
import itertools
import json
import pathlib
import re
import subprocess
import sys
from importlib import metadata

PROJECT = pathlib.Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs/provenance.md"

# What may be used by tests: nothing of it is in a module or a package.
ACCEPTED = {
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "NCSA",
    "Unicode-3.0",
}
# Of Python packages, whose licences are not always named by SPDX, the ones that were read.
ACCEPTED_PYTHON = {"BSD License", "Public domain"}
# Workspaces, each with a lock file. One for the fuzzer, which needs a compiler for C++, and one for crates that are
# only measured, which take long to build.
WORKSPACES = [PROJECT, PROJECT / "tests/fuzz", PROJECT / "bench/crates"]
# Those of the build machines.
PLATFORMS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]


def accepted(expression):
    """Whether a licence expression can be met: "/" is an old way to write OR."""
    def answer(match):
        word = match.group()
        return {"AND": "and", "OR": "or"}.get(word) or str(word in ACCEPTED)

    words = r"[\w.+-]+( WITH [\w.+-]+)?"
    expression = (expression or "none").replace("/", " OR ")
    try:
        return eval(re.sub(words, answer, expression), {"__builtins__": {}})
    except SyntaxError:
        return False


def cargo_metadata(workspace, platform):
    """What cargo knows of a workspace's packages for that platform, all in the versions of its Cargo.lock."""
    command = ["cargo", "metadata", "--format-version=1", "--locked", f"--filter-platform={platform}"]
    said = subprocess.run(command, cwd=workspace, check=True, stdout=subprocess.PIPE)
    return json.loads(said.stdout)


def crates(wrong):
    """Names, versions and licences of the crates; what is wrong with one is added to the list."""
    rows, members = set(), set()
    for workspace, platform in itertools.product(WORKSPACES, PLATFORMS):
        known, locked = cargo_metadata(workspace, platform), (workspace / "Cargo.lock").read_text()
        members |= {p["manifest_path"] for p in known["packages"] if p["id"] in known["workspace_members"]}
        for package in known["packages"]:
            name, version, source = package["name"], package["version"], package["source"]
            if source is None:
                if package["manifest_path"] not in members:
                    wrong.append(f"{package['manifest_path']} is not in a workspace")
                continue
            if not source.startswith("registry+"):
                wrong.append(f"the crate {name} comes from {source}: use one from the registry")
            entry = f'name = "{name}"\nversion = "{version}"\nsource = "{source}"\nchecksum = "'
            if entry not in locked:
                wrong.append(f"{workspace}/Cargo.lock has no digest of {name} {version}: run 'cargo update {name}' there")
            if not accepted(package["license"]):
                wrong.append(f"the crate {name} has the licence {package['license']}, which is not accepted here")
            rows.add((name, version, package["license"]))
    manifests = {path for path in PROJECT.glob("*/**/Cargo.toml") if not {"build", "target"} & set(path.parts)}
    for path in sorted(manifests - {pathlib.Path(path) for path in members}):
        wrong.append(f"{path} is in no workspace with a lock file: add it to the members in Cargo.toml")
    return sorted(rows)


def python_packages(wrong):
    """The same of the Python packages."""
    rows = []
    requirements = (PROJECT / "proofs/requirements.txt").read_text().replace("\\\n", "")
    for line in re.sub("#.*", "", requirements).splitlines():
        if not line.strip():
            continue
        name, _, version = line.split()[0].partition("==")
        if "--hash=sha256:" not in line or not version:
            wrong.append(f"proofs/requirements.txt has no version or no digest of {name}")
        about = metadata.metadata(name)
        if about["Version"] != version:
            wrong.append(f"{name} is installed as {about['Version']}, not {version}")
        of_class = [c.split(" :: ")[-1] for c in about.get_all("Classifier") if c.startswith("License")]
        licence = about["License-Expression"] or ", ".join(of_class) or about["License"]
        if licence not in ACCEPTED_PYTHON and not accepted(licence):
            wrong.append(f"the Python package {name} has the licence {licence}, which is not accepted here")
        rows.append((name, version, licence))
    return sorted(rows)


def table(what, rows):
    """A table of the page."""
    lines = [f"| {what} | version | licence |", "|---|---|---|", *("| " + " | ".join(row) + " |" for row in rows)]
    return "\n".join(lines) + "\n"


def main():
    wrong = []
    tables = [table("crate", crates(wrong)), table("Python package", python_packages(wrong))]
    page = PAGE.read_text()
    parts = re.split(r"(?m)^\| .*\n(?:\|.*\n)*", page)
    if len(parts) != 3:
        sys.exit(f"{PAGE} must have two tables")
    new = "".join(part + rows for part, rows in zip(parts, [*tables, ""]))
    if wrong:
        sys.exit("\n".join(sorted(set(wrong))))
    if sys.argv[1:] == ["write"]:
        PAGE.write_text(new)
    elif new != page:
        rows = sorted(set(new.splitlines()) ^ set(page.splitlines()))
        sys.exit("\n".join(["docs/provenance.md is not up to date: look at what changed, and run "
                            "'$(scripts/proofs_python.sh) tests/provenance.py write'", *rows]))


if __name__ == "__main__":
    main()
