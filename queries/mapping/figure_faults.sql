-- One row per figure that is held, with the first rule that it breaks. Reads the tables incoming and receipt.
with judged as (
    select
        incoming.row_number,
        case
            when is_total(reporter_told) then 'a_total'
            when measure is null then 'figure_without_measure'
            when incoming.value is null or incoming.value < 0 or not isfinite(incoming.value) then 'figure_without_value'
            when period_told is not null and (period_from is null or (period_from <= period_to) is not true) then 'no_usable_date'
            when period_from > receipt.received_on then 'seized_after_delivery'
        end as rule,
        incoming.*
    from incoming, receipt
)

select
    row_number,
    rule,
    case rule
        when 'a_total' then 'reporter_country'
        when 'figure_without_measure' then 'measure'
        when 'figure_without_value' then 'value'
        else 'period'
    end as field,
    case rule when 'a_total' then reporter_told when 'figure_without_value' then value_told when 'figure_without_measure' then null else period_told end
        as value,
    case rule
        when 'a_total' then 'a row that adds up other rows is no figure of its own'
        when 'figure_without_measure' then 'a figure says what it measures'
        when 'figure_without_value' then 'a figure is a number from zero up, in the marks that the source declares'
        when 'no_usable_date' then 'the period of a figure is a year, or days or months in a form that the source declares, the first before the last'
        else 'nothing is counted before it has happened'
    end as reason
from judged
where rule is not null;
