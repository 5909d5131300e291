"""Deck: the slides, their order and words, and the files made of them."""

from postflow import ui

ui.deck()
