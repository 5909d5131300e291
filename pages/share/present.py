"""Present: one figure at a time, as large as the screen."""

from postflow import ui

ui.present()
