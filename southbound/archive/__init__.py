"""The archive: the stored days as Parquet files that anybody can read, beside the store."""
