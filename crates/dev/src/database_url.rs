//! Postgres URLs of the services, made from an administrator's.

use anyhow::Context as _;

/// The same server, another login and database. Parameters (`sslmode`, …) stay.
pub(crate) fn for_login(
    admin: &str,
    user: &str,
    password: &str,
    database: &str,
) -> anyhow::Result<String> {
    let parts = (|| {
        let (scheme, rest) = admin.split_once("://")?;
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, format!("?{query}")),
            None => (rest, String::new()),
        };
        let authority = rest.split('/').next()?;
        let host = authority
            .rsplit('@')
            .next()
            .filter(|host| !host.is_empty())?;
        Some((scheme, host, query))
    })();
    let (scheme, host, query) = parts
        .filter(|(scheme, ..)| ["postgres", "postgresql"].contains(scheme))
        .context("CPOM_DATABASE_URL must look like postgres://user:password@host:port/database")?;
    Ok(format!(
        "{scheme}://{user}:{password}@{host}/{database}{query}"
    ))
}

#[cfg(test)]
mod tests {
    use super::for_login;

    fn url(admin: &str) -> Option<String> {
        for_login(admin, "u", "p", "d").ok()
    }

    #[test]
    fn login_and_database_change_and_nothing_else() {
        let expected = Some("postgres://u:p@db.example:6543/d?sslmode=require".to_owned());
        assert_eq!(
            url("postgres://admin:s3:cr@t@db.example:6543/postgres?sslmode=require"),
            expected
        );
        assert_eq!(
            url("postgresql://[::1]:5432").as_deref(),
            Some("postgresql://u:p@[::1]:5432/d")
        );
    }

    #[test]
    fn what_is_no_postgres_url_is_refused() {
        assert_eq!(url("db.example:5432"), None);
        assert_eq!(url("mysql://admin@db/x"), None);
        assert_eq!(url("postgres:///postgres"), None);
    }
}
