"""Renderers: each prints a drawing in one form, and none adds to it or leaves out what it does not say."""
