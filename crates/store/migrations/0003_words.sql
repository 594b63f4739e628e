-- How texts are looked through for words: whatever the case, the accents, the apostrophes and the hyphens.

-- Accents go before the case does: a server in the C locale lowers none of them.
create function plain(said text) returns text language sql immutable parallel safe strict
return lower(translate(
    replace(replace(replace(replace(said, 'œ', 'oe'), 'Œ', 'oe'), 'æ', 'ae'), 'Æ', 'ae'),
    'àâäáãÀÂÄÁÃéèêëÉÈÊËîïíìÎÏÍÌôöóòõÔÖÓÒÕùûüúÙÛÜÚçÇñÑÿŸ’''-' || chr(160) || chr(8239),
    'aaaaaAAAAAeeeeEEEEiiiiIIIIoooooOOOOOuuuuUUUUcCnNyY     '
));

-- The words of what somebody looks for.
create function plain_words(said text) returns text[] language sql immutable parallel safe strict
return array_remove(regexp_split_to_array(plain(said), '\s+'), '');

-- Whether a word, already plain, begins one of the words of a text.
create function has_word(said text, word text) returns boolean language sql immutable parallel safe strict
return strpos(' ' || plain(said), ' ' || word) > 0;

-- Whether every word does.
create function has_words(said text, words text[]) returns boolean language sql immutable parallel safe strict
return not exists (select from unnest(words) as word where not has_word(said, word));
