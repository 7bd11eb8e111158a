"""The HKEXnews page "Stock Connect Southbound Shareholding Search By Date": how it is asked, and read."""
