# SPDX-License-Identifier: GPL-2.0-only
"""Tables on a terminal; and in a document, each between <!-- NAME --> and
<!-- end -->."""

import re


def print_columns(lines):
    """As wide as their widest cells."""
    widths = [max(map(len, texts)) for texts in zip(*lines)]
    for line in lines:
        print("  ".join(text.ljust(width)
                        for text, width in zip(line, widths)).rstrip())


def row(cells):
    return "| " + " | ".join(cells) + " |"


def head(cells):
    return [row(cells), "|---" * len(cells) + "|"]


def cell_of(value, text, most=None, least=None):
    """In bold what is not as wanted."""
    bad = most is not None and value > most or least is not None and value < least
    return f"**{text}**" if bad else text


def fill(document, sections):
    """Replaces what is there; sections are names and lines."""
    with open(document, encoding="ascii") as file:
        text = file.read()
    for name, lines in sections.items():
        body = "\n".join(lines)
        text, found = re.subn(
            f"(<!-- {name} -->\n).*?(<!-- end -->)",
            lambda found, body=body: f"{found[1]}{body}\n{found[2]}", text,
            flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"{document} has {found} places for {name}")
    with open(document, "w", encoding="ascii") as file:
        file.write(text)
