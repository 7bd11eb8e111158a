"""The HKEXnews page rebuilt from recorded figures: the truth that the product is tested against.

It shares no code with the product, so that a rule misread there is not misread here as well.

    calendar -> figures, invented -> site -> answering -> serving
                page, table, spoiled ---------^
"""
