"""Figures as words, views as addresses. Pure."""
