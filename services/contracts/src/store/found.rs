//! Which contracts a few words speak of.

/// Contracts of which every word of a bound text begins a word of the number, the title, or the number, name or commune of a
/// party or site: a table `found (contract_id)`, to be put before a query whose parameter `$1` is that text.
///
/// Each word is looked up once in each source, and contracts that have them all are kept: the cost follows the number of
/// names, not the number of contracts times the number of words.
pub(super) const FOUND: &str = "
    with word as (
        select distinct unnest(plain_words($1)) as word
    ),
    hit as (
        select contract.id as contract_id, word.word
        from contract
        join contract_version as current
            on current.contract_id = contract.id and current.number = contract.text_version
        join word on has_word(contract.number || ' ' || current.title, word.word)
        union
        select party.contract_id, word.word
        from contract_party as party
        left join legal_entity_copy as entity on entity.finess = party.legal_entity
        join word on has_word(party.legal_entity || ' ' || coalesce(entity.title, ''), word.word)
        union
        select covered.contract_id, word.word
        from (
            select contract.id as contract_id, unnest(current.establishments) as establishment
            from contract
            join contract_version as current
                on current.contract_id = contract.id and current.number = contract.text_version
            union
            select contract_id, establishment from contract_site
        ) as covered
        join establishment_copy as site on site.finess = covered.establishment
        join word on has_word(site.finess || ' ' || site.title || ' ' || site.commune, word.word)
    ),
    found as (
        select contract_id
        from hit
        group by contract_id
        having count(*) = (select count(*) from word)
    )
    ";

/// Whether a contract is among the found ones, or nothing was looked for.
pub(super) const IS_FOUND: &str =
    "(cardinality(plain_words($1)) = 0 or contract.id in (select contract_id from found))";
