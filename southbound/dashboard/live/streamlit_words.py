"""What Streamlit itself says on the page, in English alone: said in the reader's language instead.

Hints in boxes, and what a screen reader says of buttons. `streamlit_words.js` replaces them in the browser.
"""

from string import Formatter

from southbound.common.language import Language, spoken
from southbound.dashboard.state.component import component
from southbound.presentation.messages import gettext, gettext_noop

WORDS = (
    gettext_noop("Skip to main content"),
    gettext_noop("Sidebar"),
    gettext_noop("Collapse sidebar"),
    gettext_noop("Expand sidebar"),
    gettext_noop("Main menu"),
    gettext_noop("Notifications"),
    gettext_noop("Help"),
    gettext_noop("Help for {label}"),
    gettext_noop("Open"),
    gettext_noop("Close"),
    gettext_noop("Close fullscreen"),
    gettext_noop("Fullscreen"),
    gettext_noop("Choose an option"),
    gettext_noop("Choose options"),
    gettext_noop("Choose or add an option"),
    gettext_noop("Choose or add options"),
    gettext_noop("No options to select"),
    gettext_noop("No results"),
    gettext_noop("Add: {typed}"),
    gettext_noop("Select all"),
    gettext_noop("Select {count} matches"),
    gettext_noop("Selected values"),
    gettext_noop("Selectbox options"),
    gettext_noop("Multiselect options"),
    gettext_noop("Remove {option}"),
    gettext_noop("Clear all"),
    gettext_noop("Clear value"),
    gettext_noop("Clear entry"),
    gettext_noop("You can only select up to {count} options. Remove an option first."),
    gettext_noop("Increment"),
    gettext_noop("Decrement"),
    gettext_noop("Press Enter to apply"),
    gettext_noop("Invalid input."),
    gettext_noop("Error: {message}"),
    gettext_noop("Number is above the allowed range. Please enter a value less than or equal to {most}."),
    gettext_noop("Number is below the allowed range. Please enter a value greater than or equal to {least}."),
    gettext_noop("Number is outside the allowed range. Please enter a value between {least} and {most}."),
    gettext_noop("Running..."),
    gettext_noop("Connecting"),
    gettext_noop("Connecting to Streamlit server"),
    gettext_noop("Connection error"),
    gettext_noop("Connection timed out."),
    gettext_noop("Script execution error"),
    gettext_noop("Download failed"),
    gettext_noop("Cancel"),
    gettext_noop("st.iframe"),
)
"""As Streamlit's own scripts have them; a place in braces stands for whatever is there."""


def replace() -> None:
    """Keep what Streamlit says in the language of the page, from here on."""
    words: dict[str, str] = {}
    if spoken() is not Language.ENGLISH:
        words = {word: gettext(word, **_places(word)) for word in WORDS}
    # A mapping might be a data frame to Streamlit, which loads pandas to see.
    component("southbound.streamlit_words", "southbound.dashboard.live", "streamlit_words")(
        key="streamlit_words", data={"words": tuple(words.items())}
    )


def _places(word: str) -> dict[str, str]:
    """Each place filled with itself: it is the browser that knows what stands there."""
    return {name: f"{{{name}}}" for _, name, _, _ in Formatter().parse(word) if name}
