-- One row per series: the secret under which the keys of its records are drawn, from the first edition of its files, so that a
-- later one changes no number. Reads the tables edition and delivery_secret.
select
    edition.series_id,
    arg_min(delivery_secret.secret, edition.edition) as secret
from edition
inner join delivery_secret on edition.delivery_id = delivery_secret.delivery_id
group by edition.series_id;
