"""Rates of the same cells in DuckDB. Loads the files it is given, then computes once for each line on its input and
answers with one line: the seconds it took, and on the first line the rates themselves."""

import json
import sys
import time

import duckdb

case_mix, territories, population = sys.argv[1:]
db = duckdb.connect()
# Standard output is for answers.
db.execute("set enable_progress_bar = false")
read = "read_csv(?, delim=';', header=true, all_varchar=true)"
db.execute(
    f"""create table cell as
    select finess, year::smallint as year, month::smallint as month, activity, mode, residence, age_class,
        sex::tinyint as sex, stays::int as stays
    from {read}""",
    [case_mix],
)
db.execute(f"create table area as select territory, area from {read}", [territories])
db.execute(
    f"""create table inhabitants as
    select area, sex::tinyint as sex, age_class, population::bigint as population from {read}""",
    [population],
)
RATES = """
with counted as (
    select area.territory, cell.activity, cell.sex, cell.age_class,
        sum(cell.stays)::double as cases,
        (sum(cell.stays) filter (cell.mode = 'AMBU'))::double as ambulatory
    from cell join area on area.area = cell.residence
    where cell.year = 2023 and cell.mode <> 'SEANCE'
    group by all
),
people as (
    select area.territory, inhabitants.sex, inhabitants.age_class, sum(inhabitants.population)::double as people
    from inhabitants join area on area.area = inhabitants.area
    group by all
),
everybody as (select sex, age_class, sum(people) as people from people group by all),
reference as (select activity, sex, age_class, sum(cases) as cases from counted group by all),
whole as (
    select activity, sum(cases) * 1000 / (select sum(people) from everybody) as crude from reference group by all
),
strata as (
    select
        people.territory, whole.activity, people.people,
        coalesce(counted.cases, 0) as cases, coalesce(counted.ambulatory, 0) as ambulatory,
        everybody.people as reference_people, coalesce(reference.cases, 0) as reference_cases
    from people
    cross join whole
    join everybody using (sex, age_class)
    left join reference using (activity, sex, age_class)
    left join counted using (territory, activity, sex, age_class)
),
summed as (
    select
        territory, activity,
        sum(cases) as cases, sum(ambulatory) as ambulatory, sum(people) as people,
        sum(cases / people * reference_people) / (select sum(people) from everybody) * 1000 as direct,
        sum(people * reference_cases / reference_people) as expected
    from strata
    group by all
)
select
    territory, activity, cases, cases * 1000 / people as crude, direct, expected, cases / expected as index,
    cases * pow(1 - 1 / (9 * cases) - 1.959964 / (3 * sqrt(cases)), 3) / expected as index_low,
    (cases + 1) * pow(1 - 1 / (9 * (cases + 1)) + 1.959964 / (3 * sqrt(cases + 1)), 3) / expected as index_high,
    cases / expected * whole.crude as indirect, ambulatory
from summed join whole using (activity)
order by territory, activity
"""
print("ready", flush=True)
first = True
for _ in sys.stdin:
    begin = time.perf_counter()
    rows = db.execute(RATES).fetchall()
    answer = {"seconds": time.perf_counter() - begin}
    if first:
        answer["rates"] = [(territory, activity, figures) for territory, activity, *figures in rows]
    first = False
    print(json.dumps(answer, default=float), flush=True)
