"""The exercise pool: a made-up world of seizures, told by nine services in their own files, with the truth beside them.

``write`` is the way in. The world is set-based SQL in ``queries/exercise``; its numbers and their citations stand in
``data/exercise/calibration.csv``; ``docs/exercise.md`` says what is planted.
"""

from postflow.exercise.writing import Truth, write

__all__ = ["Truth", "write"]
