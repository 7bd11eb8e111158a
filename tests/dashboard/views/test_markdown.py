"""Names in Streamlit's Markdown stay as they are: a real browser, and all that its own sources read."""

import json
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import streamlit
from selenium.webdriver.support.ui import WebDriverWait

from southbound.dashboard.views.markdown import plain
from tests.dashboard.test_browser import wait_until_healthy
from tools.viewer import viewer

COLOURS = ["red", "orange", "yellow", "blue", "green", "violet", "gray", "grey", "primary", "rainbow"]
DIRECTIVES = [
    *(f":{colour}{kind}[x]" for colour in COLOURS for kind in ("", "-background", "-badge")),
    ":small[x]",
    ":shimmer[x]",
    ":help[x]",
    ':color[x]{foreground="red" background="blue"}',
    ":color[x]",
    ":unknown[x]",
    "::leaf[x]{a=b}",
    ":::container",
]
REPLACED = [
    ":material/home:",
    ":material_home:",
    ":streamlit:",
    ":smile:",
    ":+1:",
    ":-1:",
    ":100:",
    ":8ball:",
    "->",
    "A -> B",
    "A <-> B",
    "A <- B",
    "A -- B",
    "A >= B",
    "A <= B",
    "A ~= B",
    "--",
    "A --- B --> C",
]
ADDRESSES = [
    "www.evil.example",
    "WWW.EVIL.EXAMPLE LIMITED",
    "https://evil.example/4?a=b&c=d",
    "HTTP://EVIL.EXAMPLE/4",
    "https:evil.example",
    "sales@evil.example",
    "mailto:sales@evil.example",
    "xmpp:sales@evil.example",
    "<https://evil.example>",
    "ftp://evil.example",
    "[x](https://evil.example)",
    "![x](https://evil.example/x.png)",
]
MARKUP = [
    "- a",
    "+ a",
    "* a",
    "1. a",
    "1) a",
    "# a",
    "> a",
    "---",
    "===",
    "| a | b |",
    "[^1]: note",
    "[x]: https://evil.example",
    "**b** _i_ `c` ~~s~~ ~s~",
    "```x```",
    "<b>b</b> <!-- c --> <img src=x>",
    "&lt; &amp;amp; &#58; &copy;",
    "$x^2$ $$x$$ \\(x\\) \\[x\\]",
    "\\:material/home\\: \\$x\\$ \\",
    ":material/home:[x]",
    "A B",
]
SIGNS = [
    *":-<>=~*_`[](){}#+!|$&@./\\;'\"%^",
    *[":material/", "home:", ":red[", "]", "www.", "https://", "a@b.example", "->", " ", "A", "1", "é", "騰"],
]


def made_up(count: int) -> list[str]:
    """Names of signs in any order, the same in every run."""
    chance = random.Random(13)
    texts = ("".join(chance.choices(SIGNS, k=chance.randint(2, 12))) for _ in range(count))
    return [" ".join(text.split()) for text in texts if text.strip()]


NAMES = [*DIRECTIVES, *REPLACED, *ADDRESSES, *MARKUP, *made_up(120)]

APP = """
import json, sys
import pandas as pd
import streamlit as st
from southbound.dashboard.views.markdown import plain

st.set_page_config(layout="wide")
for number, name in enumerate(json.load(open(sys.argv[1], encoding="utf-8"))):
    with st.container(key=f"name{number}"):
        st.markdown(plain(name))
        st.caption(plain("X " + name))
        st.checkbox(plain(name), key=f"box{number}")
        st.markdown(f":gray-badge[{plain(name)}]")
        st.table(pd.DataFrame({"a": [plain(name)]}), hide_index=True)
st.info("all drawn")
"""
KINDS = 5
"""How often a page writes each name."""

SHOWN = """
return [...document.querySelectorAll("[class*=st-key-name]")].map(box => ({
    texts: [...box.querySelectorAll("[data-testid=stMarkdownContainer], [data-testid=stCaptionContainer]")]
        .filter(one => !one.closest("th")).map(one => one.textContent),
    made: [...box.querySelectorAll("a, img, [role=img], code, strong, em, del, sup, hr, ul, ol, h1, " +
        "blockquote, .katex, [class*=stMarkdownColored], [class*=stMarkdownShimmer]")]
        .map(one => one.outerHTML.slice(0, 200)),
}));
"""


@contextmanager
def served(folder: Path, port: int) -> Iterator[str]:
    """The names in every kind of Markdown that Streamlit has, as a page."""
    (folder / "names.json").write_text(json.dumps(NAMES), encoding="utf-8")
    (folder / "page.py").write_text(APP, encoding="utf-8")
    address, log = f"http://127.0.0.1:{port}", folder / "log"
    command = [sys.executable, "-m", "streamlit", "run", "page.py", "--server.port", str(port)]
    command += ["--server.headless", "true", "--browser.gatherUsageStats", "false", "--", "names.json"]
    with log.open("wb") as output:
        root = str(Path(__file__).parents[3])
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | {"PYTHONPATH": root}, stdout=output, stderr=output
        )
    try:
        wait_until_healthy(process, address, log)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert "Traceback" not in log.read_text()


def is_drawn(found: list[dict[str, list[str]]]) -> bool:
    return len(found) == len(NAMES) and all(len(there["texts"]) == KINDS for there in found)


def test_every_name_is_shown_whole_and_as_text_wherever_markdown_is(free_port: int, tmp_path: Path) -> None:
    with served(tmp_path, free_port) as address, viewer() as driver:
        driver.get(address)
        WebDriverWait(driver, 30, 0.2).until(
            lambda driver: "all drawn" in driver.find_element("tag name", "body").text
        )
        # Streamlit loads some of its elements only when the first of their kind is drawn.
        shown = WebDriverWait(driver, 30, 0.2).until(
            lambda driver: found if is_drawn(found := driver.execute_script(SHOWN)) else None
        )

    wrong = [
        (name, there)
        for name, there in zip(NAMES, shown, strict=True)
        if sorted(there["texts"]) != sorted([name, f"X {name}", name, name, name]) or there["made"]
    ]
    assert wrong == []


def bundle() -> str:
    """The part of Streamlit's page that reads Markdown."""
    folder = Path(streamlit.__file__).parent / "static" / "static" / "js"
    [script] = folder.glob("StreamlitMarkdown.*.js")
    return script.read_text(encoding="utf-8")


def test_streamlit_reads_no_sign_that_is_not_tried() -> None:
    """A release that replaces more than this one must be looked at."""
    replacements = re.findall(r"\[/((?:[^/\\\n]|\\.)+)/[gimu]*,", bundle())
    colours = set(re.findall(r"[{,]\"?([a-z]+)\"?:`(?:color|background): ?", bundle()))
    directives = set(re.findall(r"===`(\w+)`\)\{", bundle())) & {"small", "shimmer", "help"}

    assert sorted(replacements) == sorted(
        [
            r":material_(\w+):",
            ":streamlit:",
            r"(^|\s)<->(\s|$)",
            r"(^|\s)->(\s|$)",
            r"(^|\s)<-(\s|$)",
            r"(^|\s)--(\s|$)",
            r"(^|\s)>=(\s|$)",
            r"(^|\s)<=(\s|$)",
            r"(^|\s)~=(\s|$)",
            r"(https?:\/\/|www(?=\.))([-.\w]+)([^ \t\r\n]*)",
            r"(?<=^|\s|\p{P}|\p{S})([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)",
        ]
    )
    assert colours == set(COLOURS)
    assert directives == {"small", "shimmer", "help"}


@pytest.mark.parametrize(
    "name", ["TENCENT HOLDINGS LIMITED", "HSBC HOLDINGS PLC", "騰訊控股", "AT 3.5% (A) B/C"]
)
def test_an_ordinary_name_is_written_as_it_is(name: str) -> None:
    assert plain(name) == name
