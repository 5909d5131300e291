-- The tables of a pool. The comments on columns are the data dictionary: pages, exports and docs print them.

create table build (
    build_id varchar not null,
    pool varchar not null,
    postflow_version varchar not null,
    data_through date,
    input_count integer not null
);

create table source (
    source_id varchar primary key,
    series_id varchar not null,
    title varchar not null,
    kind varchar not null check (kind in ('records', 'reference')),
    precedence varchar not null check (precedence in ('shipped', 'delivered')),
    supersedes varchar not null check (supersedes in ('record', 'month', 'series')),
    grain varchar not null,
    is_synthetic boolean not null,
    contributor varchar not null,
    contributor_country_code varchar not null,
    publisher varchar not null,
    licence_id varchar not null,
    may_redistribute boolean not null,
    licence_note varchar,
    tlp varchar not null,
    europol_handling varchar,
    obtained_on date not null,
    obtained_from varchar not null,
    citation varchar not null,
    coverage_unit varchar not null check (coverage_unit in ('month', 'year')),
    is_shown_by_every_drug boolean not null default false,
    reporter varchar not null default 'contributor' check (reporter in ('contributor', 'seizing_country')),
    note varchar
);

comment on column source.is_shown_by_every_drug is 'Rows of any drug show that a service reported; else only rows of the drugs that are charted.';
comment on column source.reporter is 'Who reports or is silent: the contributor, or in a compilation each country that seized.';

-- What sources declare to tell: each entry is a service of its own. Empty lists take everything.
create table coverage_part (
    source_id varchar not null,
    place integer not null,
    name varchar not null,
    drugs varchar[] not null,
    sides varchar[] not null,
    channels varchar[] not null,
    month_from date,
    month_to date,
    silent_months date[] not null
);

comment on column coverage_part.month_from is 'From here to month_to every month is covered, with or without rows, but for the silent ones.';

-- Who reports or is silent: a contributor and what it tells, or one country of a compilation.
create table service (
    service_id varchar primary key,
    series_id varchar not null,
    country_code varchar not null,
    contributor varchar not null,
    title varchar not null
);

comment on column service.country_code is 'Where the service seizes; ZZ for an international body that says nothing of it.';

create table delivery (
    delivery_id varchar primary key,
    source_id varchar not null,
    file_name varchar not null,
    sha256 varchar not null,
    received_on date not null,
    rows_in bigint not null,
    rows_accepted bigint not null,
    rows_quarantined bigint not null,
    rows_superseded bigint not null,
    month_from date,
    month_to date,
    edition integer not null,
    warnings varchar[] not null
);

-- Deliveries that could not be read when the pool was made: none of their rows is in it.
create table left_out (
    source_id varchar not null,
    file_name varchar not null,
    sha256 varchar not null,
    received_on date,
    reason varchar not null,
    next_step varchar not null
);

comment on column left_out.sha256 is 'Checksum of the file as it was received.';
comment on column left_out.reason is 'What was found in place of the file that was received.';

create table seizure (
    seizure_id varchar not null,
    source_id varchar not null,
    series_id varchar not null,
    service_id varchar not null,
    delivery_id varchar not null,
    row_number bigint not null,
    record_id varchar,
    seizures integer not null,
    seizures_high integer,
    seized_on date not null,
    seized_month date,
    seized_year smallint not null,
    date_precision varchar not null check (date_precision in ('day', 'month', 'year')),
    reported_on date,
    seizure_country_code varchar not null,
    seizure_place varchar,
    departure_country_code varchar not null,
    departure_place varchar,
    transit_country_codes varchar[] not null,
    destination_country_code varchar not null,
    destination_basis varchar not null check (destination_basis in ('reported', 'inferred', 'unknown')),
    production_country_code varchar not null,
    interception_side varchar not null
        check (interception_side in ('export', 'transit', 'import', 'domestic', 'unknown')),
    channel varchar not null,
    channel_detail varchar not null,
    operator varchar not null,
    drug varchar not null,
    form varchar not null,
    concealment varchar not null,
    quantity decimal(24, 9),
    unit varchar not null,
    quantity_kg_low decimal(18, 6),
    quantity_kg decimal(18, 6),
    quantity_kg_high decimal(18, 6),
    factor_id varchar,
    item_weight_kg decimal(18, 6),
    purity_pct decimal(5, 2),
    detection_method varchar not null,
    declared_contents varchar not null,
    advance_data varchar not null,
    barrier_step varchar,
    agency varchar,
    is_controlled_delivery boolean,
    information_country_code varchar,
    linked_series varchar,
    tracking_hash varchar,
    case_opened_on date,
    suspects integer,
    arrests integer,
    prosecuted_on date,
    verdict_on date,
    verdict varchar,
    seizure_country_reported varchar,
    departure_country_reported varchar,
    destination_country_reported varchar,
    drug_reported varchar,
    quantity_reported varchar,
    unit_reported varchar,
    channel_reported varchar,
    operator_reported varchar,
    transport_reported varchar,
    hiding_place_reported varchar,
    place_type_reported varchar,
    routing_reported varchar,
    flags varchar[] not null,
    is_possible_duplicate boolean not null,
    duplicate_of varchar,
    duplicate_reason varchar,
    is_outlier boolean not null,
    event_id varchar not null,
    is_event_lead boolean not null,
    record_key integer not null default 0
);

comment on column seizure.seizure_id is 'Stable id of the record: hash of the source and its own record number, or of the raw cells and the nth identical row. Never the position in the file.';
comment on column seizure.service_id is 'The service on whose reporting the month of the row stands. A seizure abroad stands with the service at home there, if the pool has one.';
comment on column seizure.record_id is 'The service''s own number of the record; (not kept) where that is a tracking number.';
comment on column seizure.seizures is 'How many seizures the row surely stands for: 1 for a single record, more for counted rows, the least of an interval such as <5; 0 for a further exhibit of a seizure, and for kilograms that come without a count.';
comment on column seizure.seizures_high is 'The most seizures that the row may stand for: more than seizures where the service wrote an interval; null where it did not say.';
comment on column seizure.seized_month is 'First day of the month of seizure; null where only the year is known.';
comment on column seizure.date_precision is 'How exact the date is: day, month or year.';
comment on column seizure.departure_country_code is 'Stated start of the journey, ISO 3166-1 alpha-2; ZZ where nobody stated it. Not the country of production.';
comment on column seizure.destination_country_code is 'Intended end of the journey, reported or inferred; ZZ where neither.';
comment on column seizure.destination_basis is 'reported: the row states it. inferred: read from the place of seizure by the rule in Methods. unknown: neither.';
comment on column seizure.production_country_code is 'Where the drug was made, if stated; never read as departure.';
comment on column seizure.interception_side is 'Who stopped it: export (sending side), transit, import (receiving side), domestic, or unknown.';
comment on column seizure.channel is 'How it travelled; post where any of the three columns transport, hiding place or place of seizure says so.';
comment on column seizure.departure_place is 'Town where it was posted or handed in, in one spelling; (not kept) where the cell holds a number, as an address does.';
comment on column seizure.channel_detail is 'Kind of item below post (letter, packet, parcel, EMS; post where that is not told); for every other channel the channel itself.';
comment on column seizure.channel_reported is 'The service''s own word that the channel was read from.';
comment on column seizure.operator is 'Who carried it: postal operator or courier; other where the word is not listed, unknown where none stands.';
comment on column seizure.quantity_kg is 'Kilogram equivalent (bulk, not pure): the quantity times a cited factor; null where no defensible factor exists.';
comment on column seizure.factor_id is 'The row of data/reference/unit_factors.csv behind the kilograms.';
comment on column seizure.is_possible_duplicate is 'All cells equal to an earlier row of the same file, without a record number to tell them apart. Counted by default.';
comment on column seizure.is_outlier is 'Weight beyond the largest credible single record of the drug; counted by default, shown with and without.';
comment on column seizure.event_id is 'The seizure event; records of one seizure told by several services share it.';
comment on column seizure.is_event_lead is 'Of the records of one event, the one that is counted.';
comment on column seizure.record_key is 'Drawn from the record''s id under a secret; the sums of these keys choose the noise of sensitive counts (docs/method.md).';

-- Records that a newer edition replaced: kept and listed, never counted.
create table superseded as
select
    *,
    null::varchar as superseded_by,
from seizure
limit 0;

create table quarantine (
    source_id varchar not null,
    delivery_id varchar not null,
    row_number bigint not null,
    rule varchar not null,
    field varchar not null,
    value varchar,
    reason varchar not null,
    raw_row varchar not null
);

comment on column quarantine.raw_row is 'The row as delivered, without tracking numbers and without the columns that its source ignores.';

create table unlisted_word (
    source_id varchar not null,
    field varchar not null,
    word varchar not null,
    rows bigint not null
);

create table figure (
    figure_id varchar not null,
    source_id varchar not null,
    delivery_id varchar not null,
    row_number bigint not null,
    publisher varchar not null,
    report varchar,
    url varchar,
    period_from date,
    period_to date,
    reporter_country_code varchar not null,
    departure_words varchar,
    departure_country_codes varchar[] not null,
    destination_words varchar,
    destination_country_codes varchar[] not null,
    drug varchar not null,
    drug_reported varchar not null,
    measure varchar not null,
    value double not null,
    channel_words varchar,
    channel varchar not null,
    note varchar
);

create table coverage (
    service_id varchar not null,
    seized_month date not null,
    is_reported boolean not null,
    is_declared boolean not null,
    names_departures boolean not null,
    records bigint not null
);

comment on column coverage.is_reported is 'The service has a row of its own of the month or year that counts as a sign of reporting, or declares that it covers the month.';
comment on column coverage.is_declared is 'The source''s declaration says so, whatever its rows show.';
comment on column coverage.names_departures is 'At least one row of the month or year states a departure, or the month is declared by a service that states them; else nothing can be said of corridors then.';

create table revision (
    source_id varchar not null,
    seized_month date not null,
    seizure_place varchar,
    drug varchar not null,
    older_delivery_id varchar not null,
    newer_delivery_id varchar not null,
    older_seizures bigint,
    newer_seizures bigint,
    older_kg decimal(18, 6),
    newer_kg decimal(18, 6)
);

-- Pairs of records of two services that may be one seizure, and what became of each.
create table link_candidate (
    seizure_id varchar not null,
    other_seizure_id varchar not null,
    rule varchar,
    weight double,
    probability double,
    decided varchar not null check (decided in ('link', 'queue', 'no')),
    decision varchar not null check (decision in ('accept', 'reject', 'unsure', 'nobody yet')),
    decided_by varchar,
    decided_at varchar
);

comment on column link_candidate.rule is 'The rule of queries/duplicates that linked the pair; null where only the model speaks.';
comment on column link_candidate.weight is 'Evidence for one seizure in bits (log2 of the odds): each bit doubles the odds.';
comment on column link_candidate.probability is 'The weight as a probability, by the model of postflow/linkage.py.';
comment on column link_candidate.decided is 'link: counted once. queue: a person should look. no: told apart.';

-- Who did what in an event that several services told.
create table event_role (
    event_id varchar not null,
    seizure_id varchar not null,
    service_country_code varchar not null,
    role varchar not null check (role in ('seized by', 'detected by', 'on information from', 'controlled delivery'))
);

-- By how much a count of what is sensitive is moved: data/reference/perturbation.csv, which scripts/make_perturbation.py writes.
create table perturbation (
    draw integer not null,
    count_before integer not null,
    noise integer not null,
    key_from integer not null,
    key_to integer not null
);

comment on column perturbation.draw is '1: by the records of the cell alone; 2: of what the first draw left, by those of the plain count around it, too.';
comment on column perturbation.count_before is 'The count before this draw; the last one stands for all above it.';
comment on column perturbation.key_from is 'The noise is that of the cells whose key is from here to below key_to.';
