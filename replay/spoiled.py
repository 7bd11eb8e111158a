"""Lists that are not what they were: each fault of the list as a change to its table."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from operator import itemgetter

from replay.faults import Fault
from replay.table import Column, Table

CODE, NAME, SHAREHOLDING, PERCENT = range(4)
ROWS_SPOILED = 5
RENAMED = "Holding"


def emptied(table: Table) -> Table:
    """Headings, and not one row."""
    return replace(table, rows=())


def shortened(table: Table) -> Table:
    """The first forty rows: a list that loads, parses, and is not the whole."""
    return replace(table, rows=table.rows[:40])


def with_renamed_column(table: Table) -> Table:
    """The holding under a heading that nobody knows; its class stays."""
    columns = list(table.columns)
    columns[SHAREHOLDING] = replace(columns[SHAREHOLDING], heading=RENAMED)
    return replace(table, columns=tuple(columns))


def with_swapped_columns(table: Table) -> Table:
    """Percent before holding: headings, classes and cells alike, so only a reader by position errs."""
    reordered = itemgetter(CODE, NAME, PERCENT, SHAREHOLDING)
    return Table(reordered(table.columns), [reordered(row) for row in table.rows])


def with_added_column(table: Table) -> Table:
    """A fifth column between name and holding."""
    columns = (*table.columns[:SHAREHOLDING], Column("col-market", "Market"), *table.columns[SHAREHOLDING:])
    return Table(columns, [(*row[:SHAREHOLDING], "SEHK", *row[SHAREHOLDING:]) for row in table.rows])


def with_text_in_numbers(table: Table) -> Table:
    """Words where the first five rows have numbers."""
    spoiled = [(*row[:SHAREHOLDING], "N/A", "see note") for row in table.rows[:ROWS_SPOILED]]
    return replace(table, rows=[*spoiled, *table.rows[ROWS_SPOILED:]])


def with_duplicate_rows(table: Table) -> Table:
    """The first five rows twice, one under the other."""
    doubled = [row for row in table.rows[:ROWS_SPOILED] for _ in range(2)]
    return replace(table, rows=[*doubled, *table.rows[ROWS_SPOILED:]])


# In this order when several are on: what counts on four columns comes before what changes them.
SPOILERS: Mapping[Fault, Callable[[Table], Table]] = {
    Fault.EMPTY_TABLE: emptied,
    Fault.FORTY_ROWS: shortened,
    Fault.TEXT_IN_NUMBERS: with_text_in_numbers,
    Fault.DUPLICATE_ROWS: with_duplicate_rows,
    Fault.RENAMED_COLUMN: with_renamed_column,
    Fault.SWAPPED_COLUMNS: with_swapped_columns,
    Fault.ADDED_COLUMN: with_added_column,
}


def spoiled(table: Table, faults: Collection[Fault]) -> Table:
    """The table with all those of the faults that concern it."""
    for fault, spoil in SPOILERS.items():
        if fault in faults:
            table = spoil(table)
    return table
