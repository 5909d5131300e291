"""Barriers: where in the chain is it stopped, and where is nothing in place or nothing measured?"""

from postflow import ui
from postflow.figures import barriers

view = ui.view()
ui.show(barriers.ladder(ui.fetch, view))
ui.show(barriers.partners(ui.fetch, view))
