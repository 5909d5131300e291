-- Chance without a generator: every draw is a hash of a number, the name of the draw and the variable `seed`, so it
-- depends neither on threads nor on the order of rows.

-- Evenly spread from 0 to 1.
create or replace temp macro draw(number, name) as
    (hash(number::bigint, name, getvariable('seed')::bigint) >> 11)::double / 9007199254740992.0;

-- Normally spread, mean 0 and deviation 1 (Box–Muller).
create or replace temp macro bell(number, name) as
    sqrt(-2 * ln(greatest(draw(number, name), 1e-12))) * cos(2 * pi() * draw(number, name || ' angle'));

-- A number of data/exercise/calibration.csv that holds for all services; the variable `rates` is filled from there.
create or replace temp macro rate(name) as getvariable('rates')[name];

create or replace temp macro months_between(earlier, later) as
    (year(later) - year(earlier)) * 12 + month(later) - month(earlier);

-- UPU S10 check digit of a number of eight digits: weights 8 6 4 2 3 5 9 7.
create or replace temp macro s10_check(serial) as
    case 11 - (
        8 * (serial // 10000000 % 10) + 6 * (serial // 1000000 % 10) + 4 * (serial // 100000 % 10)
        + 2 * (serial // 10000 % 10) + 3 * (serial // 1000 % 10) + 5 * (serial // 100 % 10)
        + 9 * (serial // 10 % 10) + 7 * (serial % 10)
    ) % 11
        when 10 then 0
        when 11 then 5
        else 11 - (
            8 * (serial // 10000000 % 10) + 6 * (serial // 1000000 % 10) + 4 * (serial // 100000 % 10)
            + 2 * (serial // 10000 % 10) + 3 * (serial // 1000 % 10) + 5 * (serial // 100 % 10)
            + 9 * (serial // 10 % 10) + 7 * (serial % 10)
        ) % 11
    end;

-- A whole S10 number; `slip` is added to the check digit to make a wrong one.
create or replace temp macro s10(service, serial, issuer, slip) as
    service || lpad(serial::varchar, 8, '0') || ((s10_check(serial) + slip) % 10)::varchar || issuer;

-- To two figures, as people round.
create or replace temp macro two_figures(amount) as
    round(amount / pow(10, floor(log10(amount)) - 1)) * pow(10, floor(log10(amount)) - 1);
