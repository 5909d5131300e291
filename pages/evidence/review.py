"""Review: are these two records one seizure?"""

from postflow import ui

ui.review()
