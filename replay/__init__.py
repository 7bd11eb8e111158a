"""The HKEXnews page rebuilt from recorded figures: the truth that the product is tested against.

It shares no code with the product, so that a rule misread there is not misread here as well.

    calendar, figures -> market, events -> invented -> archive -> site -> answering -> serving
                         wording, table, spoiled, page ----^

`visitor` is the other side: the simplest client there can be.
"""
