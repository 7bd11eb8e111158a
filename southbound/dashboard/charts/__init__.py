"""Figures as charts."""
