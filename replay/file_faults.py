"""What can go wrong with a file of the exchange or the regulator, and which files there are."""

from collections.abc import Mapping
from enum import StrEnum

from replay.quotations import QuotationFault


class Source(StrEnum):
    """A kind of file; each has faults of its own switched on."""

    QUOTATIONS = "quotations"
    TURNOVER = "turnover"
    SHORT_POSITIONS = "short_positions"


class FileFault(StrEnum):
    """One way for an answer to go wrong; several can be switched on together."""

    # Of the connection.
    RESET = "reset"
    HANG = "hang"  # until the fault is cleared, the site stops or the client goes away; then the answer comes
    CUT_OFF = "cut_off"
    DRIP = "drip"  # a byte now and then, as long as a hang
    # In place of the file.
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    TOO_MANY = "429"
    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    MAINTENANCE = "maintenance"  # a page
    ELSEWHERE = "elsewhere"  # a redirect to another site
    PACKED = "packed"  # though nobody asked for that
    # Of the figures.
    OTHER_DATE = "other_date"
    RENAMED_COLUMN = "renamed_column"
    TEXT_IN_NUMBERS = "text_in_numbers"
    DUPLICATE_ROWS = "duplicate_rows"
    FEW_ROWS = "few_rows"


FILE_STATUS: Mapping[FileFault, int] = {
    FileFault.FORBIDDEN: 403,
    FileFault.NOT_FOUND: 404,
    FileFault.TOO_MANY: 429,
    FileFault.SERVER_ERROR: 500,
    FileFault.UNAVAILABLE: 503,
}
OF_QUOTATIONS: Mapping[FileFault, QuotationFault] = {
    FileFault.OTHER_DATE: QuotationFault.OTHER_DATE,
    FileFault.RENAMED_COLUMN: QuotationFault.NO_HEADING,
    FileFault.TEXT_IN_NUMBERS: QuotationFault.TEXT_IN_NUMBERS,
    FileFault.DUPLICATE_ROWS: QuotationFault.DUPLICATE_CODE,
    FileFault.FEW_ROWS: QuotationFault.FEW_COUNTERS,
}
