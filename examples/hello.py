"""Prints a greeting, the Python version and some letter counts.

    cargo run -p dbexec -- run --local examples/hello.py
"""

import platform
from collections import Counter

print("Hello, world!")
print(f"This is Python {platform.python_version()} on {platform.system()}.")

letters = Counter("hello world".replace(" ", ""))
for letter, count in letters.most_common(2):
    print(f"{letter}: {count}")

# The number of all letters.
print(sum(letters.values()))
