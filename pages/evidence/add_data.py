"""Add data: the file of a service, described by choosing."""

from postflow import ui

ui.add_data()
