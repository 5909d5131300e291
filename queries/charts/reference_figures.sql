-- One row per published or annual figure on the drugs, newest first: stands beside the pool, never in its sums.
-- Params: $drugs (null = all), $reporters (null = all).
select
    figure.reporter_country_code,
    figure.period_from,
    figure.period_to,
    figure.departure_country_codes,
    figure.departure_words,
    figure.destination_country_codes,
    figure.destination_words,
    figure.drug,
    figure.drug_reported,
    figure.measure,
    figure.value,
    figure.channel,
    figure.channel_words,
    figure.publisher,
    figure.report,
    figure.url,
    figure.note,
    figure.source_id
from figure
where ($drugs is null or list_contains($drugs, figure.drug))
    and ($reporters is null or list_contains($reporters, figure.reporter_country_code))
order by figure.period_from desc nulls last, figure.reporter_country_code, figure.measure, figure.value, figure.figure_id;
