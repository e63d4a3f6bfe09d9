"""Downloads a Debian package and extracts a file from it, without the tools of Debian.

    fetch.py MEMBER DESTINATION SHA256 URL...

Tries the URLs in order until one returns a package with this hash. Writes the file MEMBER of the
package to DESTINATION.
"""

import hashlib
import io
import sys
import tarfile
import urllib.request

TIMEOUT = 60  # seconds without a byte


def download(urls, sha256):
    errors = []
    for url in urls:
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT) as response:
                package = response.read()
        except (OSError, ValueError) as error:
            errors.append(f"{url}: {error}")
            continue
        found = hashlib.sha256(package).hexdigest()
        if found == sha256:
            return package
        errors.append(f"{url}: SHA-256 is {found}, expected {sha256}")
    sys.exit("\n".join(errors))


def parts(archive):
    """Yields names and contents of an `ar` archive: 60-byte headers, contents at even offsets."""
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
    sys.exit("the package contains no data archive")


def main(member, destination, sha256, *urls):
    contents = extract(download(urls, sha256), member)
    with open(destination, "wb") as file:
        file.write(contents)


main(*sys.argv[1:])
