"""The Chinese names of the stocks as one Parquet file, and back. Pure."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.parquet as pq

from southbound.common.remark import remark
from southbound.common.text import one_line
from southbound.market.daily_holdings import LONGEST_NAME

FILE = "names.parquet"

SCHEMA = pa.schema([("code", pa.int32()), ("name", pa.string())])

MOST_ROWS = 100_000


def encode(names: Mapping[int, str]) -> bytes:
    """The file, sorted by code."""
    ordered = dict(sorted(names.items()))
    sink = pa.BufferOutputStream()
    table = pa.table([list(ordered), list(ordered.values())], schema=SCHEMA)
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue())


def decode(content: bytes) -> dict[int, str]:
    """Stock code -> name.

    Raises:
        ValueError: it is no such file.
    """
    try:
        file = pq.ParquetFile(pa.BufferReader(content), page_checksum_verification=True)
        if not file.schema_arrow.equals(SCHEMA) or file.metadata.num_rows > MOST_ROWS:
            raise ValueError(remark("it is no file of names"))
        rows = file.read()
    except (OSError, pa.ArrowException) as error:
        raise ValueError(one_line(str(error), 200)) from error
    pairs = zip(rows["code"].to_pylist(), rows["name"].to_pylist(), strict=True)
    return {code: one_line(name, LONGEST_NAME) for code, name in pairs if code is not None and name}
