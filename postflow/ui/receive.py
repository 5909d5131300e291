"""The page Add data: a file is dropped, seen, described by choosing, tried, and then kept or thrown away.

Streamlit holds the file in memory for as long as the page is open. It is written to a work folder of this process only while
it is read, and nothing of it is kept before *Keep and publish*: whoever leaves half-way leaves nothing behind.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import streamlit as st
from pydantic import ValidationError

from postflow import disk, draft, home, limits, pool, reading, sources, trial, vocabulary, wording
from postflow.draft import Draft, Question, Said
from postflow.errors import PostflowError
from postflow.figures import adding
from postflow.glance import Glance
from postflow.mapping import Delivery
from postflow.numbers import count, plural
from postflow.render.html import tables
from postflow.sources import Source
from postflow.ui import blocks, session
from postflow.ui.frame import mode
from postflow.ui.plot import plot

SHOWN_ROWS = 8
LEFT_ASIDE = "ignored"
UNKNOWN = "(stays unknown)"
FREE = ("contributor",)
"""Questions that any words answer."""
COUNTRIES = ("country", "seizure_country")

_TURN, _SUM, _GLANCE, _ANEW, _SAID, _DRAFT, _TRIED, _COMPARED, _DONE = (
    f"pf.add.{name}" for name in ("turn", "sum", "glance", "anew", "said", "draft", "tried", "compared", "done")
)


@dataclass(frozen=True)
class _File:
    """The dropped file: its name, its checksum, and where Streamlit holds it."""

    name: str
    sha256: str
    held: Any


def add_data() -> None:
    """The page's body."""
    if home.is_shared():
        blocks.finding(
            "Files are added by the editors of this server", "It is shared, and readers cannot change its pool."
        )
        return
    _head()
    dropped = st.file_uploader(
        "The export of your service",
        key=f"add-file-{st.session_state.get(_TURN, 0)}",
        max_upload_size=limits.current().upload_mb,
        help="CSV, Excel, OpenDocument or Parquet, also zipped. It stays on this machine.",
    )
    with ExitStack() as opened:
        held = (dropped.name, dropped) if dropped else _received(opened)
        if not held:
            _forget()
            return
        try:
            _opened(_File(disk.plain_name(held[0]), _checksum(held[1]), held[1]))
        except PostflowError as error:
            blocks.warning(f"**The file cannot be read.** {error}")
            _throw_away()


def _received(opened: ExitStack) -> tuple[str, BinaryIO] | None:
    """A file that was received before and is chosen to be looked at again: its name and what is kept of it."""
    name = session.data().pool
    kept = {
        f"{receipt.file_name}, {receipt.source_id}, received on {receipt.received_on}": receipt
        for receipt in home.receipts(name)
        if home.kept_path(name, receipt).is_file()
    }
    if not kept:
        return None
    chosen = st.selectbox(
        "Or one that was received before", list(kept), None, key=f"add-received-{st.session_state.get(_TURN, 0)}"
    )
    if not chosen:
        return None
    return kept[chosen].file_name, opened.enter_context(home.kept_path(name, kept[chosen]).open("rb"))


def _head() -> None:
    blocks.finding(
        "Add the file of a service",
        "Drop it, see how each column is read, say what is open, and look at what it would do. Nothing is kept before you publish.",
    )
    for words in st.session_state.pop(_DONE, []):
        blocks.note(words)
    if session.is_synthetic():
        blocks.warning("This is the exercise pool: real files go to the real one. Switch the pool at the left.")
        st.stop()


def _forget() -> None:
    for name in (_SUM, _GLANCE, _ANEW, _SAID, _DRAFT, _TRIED, _COMPARED):
        st.session_state.pop(name, None)


def _throw_away() -> None:
    st.button("Throw away", key="add-throw-away", on_click=_next_turn)


def _next_turn() -> None:
    """Callback: a new uploader, so that the browser and the server let go of the file."""
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    _forget()


def _checksum(held: Any) -> str:  # noqa: ANN401 – Streamlit's file in memory, or an open one
    """Of the whole file; of one in memory it is taken once, not at every click."""
    number = getattr(held, "file_id", "")
    kept = st.session_state.get(_SUM)
    if number and kept and kept[0] == number:
        return kept[1]
    held.seek(0)
    found = hashlib.file_digest(held, "sha256").hexdigest()
    st.session_state[_SUM] = (number, found)
    return found


@contextmanager
def _written(file: _File) -> Generator[Path]:
    """The file in a work folder of this process, gone afterwards."""
    with disk.work_folder() as work:
        path = work / disk.short_name(file.name)
        file.held.seek(0)
        with path.open("wb") as out:
            shutil.copyfileobj(file.held, out)
        yield path


def _opened(file: _File) -> None:
    glance = _glance(file)
    known = {name: source for name, source in pool.every_source(session.data().pool).items() if not source.file.path}
    found = draft.recognise(glance, known)
    if found and st.session_state.get(_ANEW) != file.sha256:
        _recognised(file, known[found])
        return
    made = _described(file, glance, known.get(found))
    _trial(file, made, is_new=made.said.id != found)


def _glance(file: _File) -> Glance:
    kept = st.session_state.get(_GLANCE)
    if kept and kept[0] == file.sha256:
        return kept[1]
    _forget()
    with st.spinner("Looking at the file"), _written(file) as path, disk.work_folder() as work:
        glance = replace(reading.look(path, work), file_name=file.name)
    st.session_state[_GLANCE] = (file.sha256, glance)
    return glance


# ---------- a form that is known ----------


def _recognised(file: _File, source: Source) -> None:
    blocks.head(
        f"This is the form of {source.title}", f"Its columns are those of {source.id}: it is read as that source says"
    )
    tried = _tried(file, source)
    if tried is None:
        _throw_away()
        return
    _outcome(file, source, tried, ())
    _ways_out(file, source, "", tried)
    if _can_be_described(source):
        # A button, not a box: what the next run does not draw, Streamlit forgets.
        st.button("Change how it is described", key="add-anew", on_click=_describe_anew, args=(file.sha256,))
    else:
        blocks.note(f"More is said of {source.id} than can be chosen here: change its source.toml where it is wrong.")


def _describe_anew(checksum: str) -> None:
    """Callback: the file of a known form is described as one of a new form is."""
    st.session_state[_ANEW] = checksum


def _can_be_described(source: Source) -> bool:
    """Whether the page can say all that the declaration says; a shipped one is no reader's to change."""
    more = (source.rows, source.split, source.expect, source.handling.europol, source.coverage.tells, source.series)
    plain = (sources.Rows(), sources.Split(), sources.Expect(), "", [], "")
    return more == plain and (home.sources_folder() / source.id).is_dir()


# ---------- describing ----------


def _described(file: _File, glance: Glance, found: Source | None) -> Draft:
    made = _drafted(glance, _said(file, glance, found))
    for words in glance.warnings:
        blocks.warning(words)
    _form(made)
    _columns(made)
    _questions(made)
    return made


def _drafted(glance: Glance, said: Said) -> Draft:
    """The draft of what was said so far, from the run before where nothing was said since."""
    kept = st.session_state.get(_DRAFT)
    if not kept or kept[0] != (glance, said):
        kept = ((glance, said), draft.draft(glance, home.today(), said))
        st.session_state[_DRAFT] = kept
    return kept[1]


def _said(file: _File, glance: Glance, found: Source | None) -> Said:
    """What was said so far; of a form that is known, what its declaration says."""
    kept = st.session_state.get(_SAID)
    if kept and kept[0] == file.sha256:
        return kept[1]
    said = draft.said_of(found) if found else Said(id=_free_id(glance.file_name))
    st.session_state[_SAID] = (file.sha256, said)
    return said


def _taken_ids() -> set[str]:
    """Ids that sources have, in either pool."""
    return {name for one in home.POOLS for name in pool.every_source(one)} | set(pool.broken_sources())


def _free_id(file_name: str) -> str:
    """An id that no source has."""
    taken, wanted = _taken_ids(), draft.plain_id(file_name)
    return next(name for name in (wanted, *(f"{wanted}_{number}" for number in range(2, 10_000))) if name not in taken)


def _say(**what: object) -> None:
    """What a person has said, from now on."""
    checksum, said = st.session_state[_SAID]
    st.session_state[_SAID] = (checksum, replace(said, **what))


def _take(key: str, name: str) -> None:
    """Callback: the answer of a widget."""
    value = st.session_state[key]
    _say(**{name: value or ""})


def _form(made: Draft) -> None:
    found = made.table
    words = [
        made.glance.format.upper(),
        made.glance.encoding,
        f"delimiter {made.glance.delimiter!r}" if made.glance.delimiter else "",
    ]
    blocks.head("1. The table", ", ".join(filter(None, words)))
    with st.container(horizontal=True, vertical_alignment="bottom", key="add-form"):
        names = [sheet.name for sheet in made.glance.sheets]
        if len(names) > 1:
            shown = made.said.sheet or (found.sheets[0] if found.sheets else names[0])
            st.selectbox(
                "Sheet",
                names,
                names.index(shown),
                key="add-sheet",
                on_change=_take,
                args=("add-sheet", "sheet"),
                width=220,
            )
        st.number_input(
            "Header in row",
            1,
            60,
            found.header_row,
            key=f"add-header-{found.header_row}",
            width=140,
            on_change=_take,
            args=(f"add-header-{found.header_row}", "header_row"),
        )
        st.number_input(
            "Rows of the header",
            1,
            5,
            found.header_rows,
            key=f"add-headers-{found.header_rows}",
            width=160,
            on_change=_take,
            args=(f"add-headers-{found.header_rows}", "header_rows"),
        )
        marks = {
            "1234.5": (".", ""),
            "1,234.5": (".", ","),
            "1 234.5": (".", " "),
            "1'234.5": (".", "'"),
            "1234,5": (",", ""),
            "1.234,5": (",", "."),
            "1 234,5": (",", " "),
        }
        now = (made.marks.decimal, made.marks.thousands)
        st.selectbox(
            "Numbers are written",
            list(marks),
            list(marks.values()).index(now) if now in marks.values() else 0,
            key="add-marks",
            on_change=lambda: _say(marks=marks[st.session_state["add-marks"]]),
            width=180,
        )
    if len(found.sheets) > 1:
        st.caption(f"Sheets of one form are read together: {', '.join(found.sheets)}")
    st.html(tables(adding.first_rows(found.head, found.rows[:SHOWN_ROWS])))


def _columns(made: Draft) -> None:
    blocks.head("2. Its columns", "What each is taken for, and why; choose another where that is wrong")
    fields = [LEFT_ASIDE, *sources.RECORD_COLUMNS]
    for place, column in enumerate(made.columns):
        own, seen, choice, why = st.columns([2.6, 3.4, 2.6, 3.4], vertical_alignment="center")
        own.markdown(f"**{_plain(column.header) or '(no name)'}**")
        seen.caption(_plain(" · ".join(cell[:40] for cell in column.samples[:4])) or "empty")
        if column.field == "part":
            choice.caption("a part of the row")
            why.caption(column.reason)
            continue
        key = f"add-column-{place}-{column.field}"
        choice.selectbox(
            f"What is {column.header!r}?",
            fields,
            fields.index(column.field),
            format_func=_field_words,
            key=key,
            on_change=_choose,
            args=(key, column.header),
            label_visibility="collapsed",
        )
        why.caption(column.reason)


def _field_words(name: str) -> str:
    return "(left aside)" if name == LEFT_ASIDE else name.replace("_", " ")


def _plain(words: str) -> str:
    """Words of a file as Markdown shows them: as they are."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-.!|<>$~:&" else sign for sign in words)


def _choose(key: str, header: str) -> None:
    """Callback: a column is another field; what had that field before is left aside."""
    _, said = st.session_state[_SAID]
    _say(fields={**said.fields, header: st.session_state[key]})


def _questions(made: Draft) -> None:
    blocks.head("3. What the file does not say", "Until it is answered the strictest holds")
    for question in made.questions:
        if question.about == "fields":
            blocks.note(question.words)
    said = made.said
    with st.container(key="add-terms"):
        left, right = st.columns(2, gap="large")
        asked = {question.about: question for question in made.questions}
        for place, about in enumerate(_asked(made)):
            with left if place % 2 == 0 else right:
                _answer(about, asked.get(about), said, made)
        with left:
            st.checkbox(
                "Its rows may be passed on",
                said.redistribute,
                key="add-redistribute",
                on_change=lambda: _say(redistribute=st.session_state["add-redistribute"]),
            )
        with right:
            st.text_input(
                "Id of the source", said.id, key=f"add-id-{said.id}", on_change=_take, args=(f"add-id-{said.id}", "id")
            )


def _asked(made: Draft) -> list[str]:
    """What is asked: what is open, and what was answered before."""
    always = ["contributor", "country", "licence", "tlp", "supersedes"]
    opened = [question.about for question in made.questions if question.about != "fields"]
    answered = [
        name
        for name in ("day", "seizure_country", "fiscal_basis", "measure", "unit", "item_weight_unit", "each_row")
        if getattr(made.said, name)
    ]
    first = [name for name in ("seizure_country",) if name in (*opened, *answered)]
    return list(dict.fromkeys([*first, *(name for name in opened if name != "marks"), *answered, *always]))


LABELS = {
    "contributor": "Which service gives the file?",
    "country": "Of which country is it?",
    "licence": "Under which licence may its rows be passed on?",
    "tlp": "How may its rows be handled?",
    "supersedes": "What does the next file replace?",
    "day": "How are its days written?",
    "seizure_country": "In which country were all of these seized?",
    "fiscal_basis": "When do its fiscal years begin?",
    "measure": "What do the cells of the wide table count?",
    "unit": "Which unit have the amounts?",
    "item_weight_unit": "Which unit has the weight of the whole item?",
    "each_row": "What does a row stand for?",
}
CHOICES: Mapping[str, tuple[str, ...]] = {
    "licence": ("not-stated", "permission", "CC-BY-4.0", "CC0-1.0", "US-public-domain"),
    "tlp": ("TLP:AMBER+STRICT", "TLP:RED", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"),
    "supersedes": ("record", "month", "series"),
    "fiscal_basis": ("us_fy", "au_fy", "uk_fy"),
    "measure": ("seizures", "quantity"),
    "each_row": ("one seizure", "no count"),
    "unit": ("kg", "g", "tablets", "mg", "lb", "oz"),
    "item_weight_unit": ("kg", "g", "lb", "oz"),
}
WORDS = {
    "record": "records of the same number",
    "month": "whole months",
    "series": "everything",
    "us_fy": "October",
    "au_fy": "July",
    "uk_fy": "April",
}


def _answer(about: str, question: Question | None, said: Said, made: Draft) -> None:
    label = LABELS[about]
    if question and about in ("day",):
        label = question.words
    key = f"add-said-{about}"
    now = getattr(said, about) or (question.taken if question else "")
    if about in FREE:
        st.text_input(
            label, getattr(said, about), key=key, on_change=_take, args=(key, about), placeholder="not stated"
        )
        return
    options = _options(about, question, made)
    st.selectbox(
        label,
        options,
        options.index(now) if now in options else None,
        format_func=_answer_words,
        key=key,
        on_change=_take,
        args=(key, about),
        placeholder="Choose",
    )


def _options(about: str, question: Question | None, made: Draft) -> list[str]:
    if about in COUNTRIES:
        names = vocabulary.country_names()
        return sorted(names, key=lambda code: (code != "ZZ", names[code]))
    if about == "day":
        told = question.choices if question else (made.said.day,)
        return list(dict.fromkeys([*told, *made.dates.day]))
    return list(CHOICES[about])


def _answer_words(value: str) -> str:
    if len(value) == 2 and value.isupper():
        return (
            f"{vocabulary.country_names().get(value, value)} ({value})"
            if value != "ZZ"
            else "Not stated, or international (ZZ)"
        )
    return WORDS.get(value, value)


# ---------- trying ----------


def _trial(file: _File, made: Draft, *, is_new: bool) -> None:
    if is_new and made.said.id in _taken_ids():
        blocks.warning(
            f"**There is a source {made.said.id} already**, which this one would take the place of. Choose another id."
        )
        _throw_away()
        return
    try:
        source = draft.source(made)
    except ValidationError as error:
        blocks.warning(f"**As it stands it is no declaration.** {'; '.join(item['msg'] for item in error.errors())}")
        _throw_away()
        return
    text = draft.toml(made)
    tried = _tried(file, source)
    if tried:
        _words(made, tried)
        _outcome(file, source, tried, made.columns)
    _ways_out(file, source, text, tried)


def _tried(file: _File, source: Source) -> trial.Trial | None:
    """What would happen; said in words where the file cannot be read so."""
    key = (file.sha256, source.model_dump_json())
    kept = st.session_state.get(_TRIED)
    if not kept or kept[0] != key:
        try:
            with st.spinner("Reading the file as described"), _written(file) as path:
                told: trial.Trial | str = trial.look(session.data().pool, _delivery(file, source, path))
        except PostflowError as error:
            told = str(error)
        kept = (key, told)
        st.session_state[_TRIED] = kept
        st.session_state.pop(_COMPARED, None)
    if isinstance(kept[1], str):
        blocks.warning(f"**As it stands the file cannot be read.** {kept[1]}")
        return None
    return kept[1]


def _delivery(file: _File, source: Source, path: Path) -> Delivery:
    return Delivery(source, path, file.name, home.today())


def _words(made: Draft, tried: trial.Trial) -> None:
    """Every word that is not known, and those that were mapped here, to be mapped by choosing."""
    mapped = [(field, word) for field, listed in made.said.values.items() for word in listed]
    unknown = [word for word in tried.words if (word.field, word.word) not in mapped]
    if not unknown and not mapped:
        return
    blocks.head(
        f"4. {count(len(unknown))} word{plural(len(unknown))} that {'is' if len(unknown) == 1 else 'are'} not known",
        "Kept as reported and read as unknown until they are mapped; most rows first",
    )
    rows = {(word.field, word.word): (word.rows, word.near) for word in unknown} | dict.fromkeys(mapped, (0, ()))
    for (field, word), (number, near) in rows.items():
        said, choice = st.columns([5, 6], vertical_alignment="center")
        seen = f"{count(number)} row{plural(number)}" if number else "mapped here"
        said.markdown(f"**{_plain(word)}** · {field.replace('_', ' ')} · {seen}")
        known = sorted(vocabulary.canonical_values().get(vocabulary.field_of(field), frozenset()) - set(near) - {""})
        options = [UNKNOWN, *near, *known]
        now = made.said.values.get(field, {}).get(word, UNKNOWN)
        key = f"add-word-{field}-{hashlib.sha256(word.encode()).hexdigest()[:12]}"
        choice.selectbox(
            f"What is {word!r}?",
            options,
            options.index(now) if now in options else 0,
            key=key,
            format_func=lambda value, field=field: _value_words(field, value),
            on_change=_map,
            args=(key, field, word),
            label_visibility="collapsed",
        )


def _value_words(field: str, value: str) -> str:
    return (
        f"{wording.country(value)} ({value})" if vocabulary.field_of(field) == "country" and len(value) == 2 else value
    )


def _map(key: str, field: str, word: str) -> None:
    """Callback: a word means a canonical one, or nothing that is known."""
    _, said = st.session_state[_SAID]
    listed = {name: dict(own) for name, own in said.values.items()}
    own = listed.setdefault(field, {})
    own.pop(word, None)
    if st.session_state[key] != UNKNOWN:
        own[word] = st.session_state[key]
    _say(values={name: own for name, own in listed.items() if own})


# ---------- what would happen ----------


def _outcome(file: _File, source: Source, tried: trial.Trial, guesses: tuple[draft.Column, ...]) -> None:
    report = tried.report
    span = f"{report.month_from} to {report.month_to}" if report.month_from else "no month told"
    blocks.head(
        f"{count(report.rows_accepted)} of {count(report.rows_in)} rows would be counted",
        f"{count(report.rows_quarantined)} held, {count(report.possible_duplicates)} possible duplicates, "
        f"{count(report.outliers)} beyond belief in weight; {span}",
    )
    for words in report.warnings:
        blocks.warning(words)
    if len(tried.held):
        st.html(tables(adding.held(tried.held)))
    if len(tried.flags):
        with st.expander("Marks on rows that are counted"):
            st.html(tables(adding.flags(tried.flags)))
    if drawn := adding.months(tried.months):
        total = int(tried.months["seizures"].sum())
        plot(_picture(drawn), key="add-months", alt=f"{count(total)} seizures by month, {span}")
    blocks.head("As delivered → as read", "The commonest cells of each column")
    st.html(tables(adding.as_read(tried.as_read, guesses)))
    _comparison(file, source)


def _picture(drawn: Any) -> dict[str, Any]:  # noqa: ANN401 – a drawing, and what plotly takes
    from postflow.render import plotly

    return plotly.figure(drawn, mode(), "screen", 260)


def _comparison(file: _File, source: Source) -> None:
    key = (file.sha256, source.model_dump_json(), session.data().build_id)
    kept = st.session_state.get(_COMPARED)
    if kept and kept[0] == key:
        rows: pd.DataFrame = kept[1]
        before, after = int(rows["seizures_before"].sum()), int(rows["seizures_after"].sum())
        blocks.head(
            f"{count(after - before)} seizures more in the pool"
            if after >= before
            else f"{count(before - after)} seizures fewer in the pool",
            f"Against build {session.data().build_id}, with links to other services; corridors that change",
        )
        if len(rows):
            st.html(tables(adding.changes(rows)))
        return
    if st.button("What would change in the pool?", key="add-compare"):
        with st.status("Making the pool with this file, to look at") as status, _written(file) as path:
            found = trial.changes(session.data().pool, _delivery(file, source, path), status.write)
        st.session_state[_COMPARED] = (key, found)
        st.rerun()


# ---------- ways out ----------


def _ways_out(file: _File, source: Source, text: str, tried: trial.Trial | None) -> None:
    blocks.head(
        "Keep it or throw it away", f"It would be kept as {source.id}: {source.licence.id}, {source.handling.tlp}"
    )
    with st.container(horizontal=True, key="add-ways-out"):
        publish = st.button("Keep and publish", key="add-publish", type="primary", disabled=tried is None)
        _throw_away()
        if text:
            st.download_button(
                "Download source.toml", text, "source.toml", "application/toml", on_click="ignore", key="add-toml"
            )
    if publish:
        _publish(file, source, text)


def _publish(file: _File, source: Source, text: str) -> None:
    with st.status("Keeping the file and making the pool") as status, _written(file) as path:
        published, told = pool.add(
            session.data().pool,
            [_delivery(file, source, path)],
            progress=status.write,
            declared={source.id: text} if text else None,
        )
    accepted = sum(report.rows_accepted for report in told)
    build = published.build_id if published else ""
    st.session_state[_DONE] = [
        f"{file.name} is in the pool: {count(accepted)} rows accepted as {source.id}, build {build}. The Data room lists it."
    ]
    _next_turn()
    st.rerun()
