"""An open page changes by itself."""
