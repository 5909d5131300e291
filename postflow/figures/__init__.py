"""Figures: from queries to one finding each, the same for page, deck, briefing and command line."""
