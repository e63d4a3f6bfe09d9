"""Fetches a package of Debian without the tools of Debian.

    fetch.py MEMBER DESTINATION SHA256 URL...

Downloads the package from the first URL that gives the bytes with this hash, and writes its file
MEMBER to DESTINATION.
"""

import hashlib
import io
import sys
import tarfile
import urllib.request

TIMEOUT = 60  # seconds without a byte


def download(urls, sha256):
    troubles = []
    for url in urls:
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
                package = answer.read()
        except (OSError, ValueError) as trouble:
            troubles.append(f"{url}: {trouble}")
            continue
        found = hashlib.sha256(package).hexdigest()
        if found == sha256:
            return package
        troubles.append(f"{url}: has the SHA-256 {found}, not {sha256}")
    sys.exit("\n".join(troubles))


def parts(archive):
    """The files of an `ar` archive: headers of 60 bytes, contents at even places."""
    at = len("!<arch>\n")
    while at + 60 <= len(archive):
        name = archive[at : at + 16].decode().strip().rstrip("/")
        size = int(archive[at + 48 : at + 58])
        yield name, archive[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def extract(package, member):
    for name, contents in parts(package):
        if name.startswith("data.tar"):
            with tarfile.open(fileobj=io.BytesIO(contents)) as files:
                return files.extractfile(f"./{member}").read()
    sys.exit("the package has no data")


def main(member, destination, sha256, *urls):
    contents = extract(download(urls, sha256), member)
    with open(destination, "wb") as file:
        file.write(contents)


main(*sys.argv[1:])
