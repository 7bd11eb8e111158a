"""The Streamlit page: what moved, and the trend of a stock. It changes by itself when a date is published."""
