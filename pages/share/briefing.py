"""Briefing: one page that says what changed, to read here or to take along."""

from postflow import ui

ui.briefing()
