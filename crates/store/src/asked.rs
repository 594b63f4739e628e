//! Lists of which only the restrictions that are asked for are written.

use sqlx::{Encode, Postgres, QueryBuilder, Type};

/// Where the value of a condition stands.
const VALUE: &str = "$1";

/// Restricts a list by `condition`, in which `$1` stands once for the value; none does not restrict.
///
/// A condition like `$1 is null or …` would be one statement for all lists, with one plan: made for none of them, it reads
/// the table in its order until a page is full, and the whole table for what is rare.
pub fn restrict<'value, Value>(
    query: &mut QueryBuilder<Postgres>,
    condition: &str,
    value: Option<Value>,
) where
    Value: Encode<'value, Postgres> + Type<Postgres>,
{
    let Some(value) = value else { return };
    let (before, after) = condition.split_once(VALUE).unwrap_or((condition, ""));
    query
        .push(" and ")
        .push(before)
        .push_bind(value)
        .push(after);
}

/// Begins a list after the place of its last row: the columns that order it are greater than these values.
pub fn after<'value, First, Second>(
    query: &mut QueryBuilder<Postgres>,
    columns: &str,
    place: Option<(First, Second)>,
) where
    First: Encode<'value, Postgres> + Type<Postgres>,
    Second: Encode<'value, Postgres> + Type<Postgres>,
{
    let Some((first, second)) = place else {
        return;
    };
    query.push(" and (").push(columns).push(") > (");
    query.push_bind(first).push(", ");
    query.push_bind(second).push(")");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_for_is_not_written() {
        let mut query = QueryBuilder::new("select from row where true");
        restrict(&mut query, "state = $1", Some("OPEN"));
        restrict(&mut query, "region = $1", None::<&str>);
        restrict(&mut query, "exists (select from a where b = $1)", Some(3));
        after(&mut query, "day, id", Some((1, 2)));
        assert_eq!(
            query.sql().as_str(),
            "select from row where true and state = $1 and exists (select from a where b = $2) and (day, id) > ($3, $4)"
        );
    }
}
