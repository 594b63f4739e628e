-- What the national council and an agency agree for a region. `version` counts the events and is the etag.
create table regional_framework (
    id           uuid         not null,
    version      bigint       not null,
    region       text         not null,
    -- From 1, one more for each revision.
    revision     integer      not null,
    state        text         not null,
    -- The one side that has agreed to a draft.
    agreed_side  text,
    effect_date  date         not null,
    end_date     date         not null,
    lines        jsonb        not null,
    note         text         not null,
    created_at   timestamptz  not null,
    updated_at   timestamptz  not null,
    constraint regional_framework_pkey primary key (id),
    constraint regional_framework_revision_key unique (region, revision),
    constraint regional_framework_state_check check (state in ('draft', 'agreed')),
    constraint regional_framework_agreed_side_check
        check (agreed_side is null or (state = 'draft' and agreed_side in ('national_council', 'ars'))),
    constraint regional_framework_term_check check (effect_date <= end_date),
    constraint regional_framework_lines_check check (jsonb_array_length(lines) > 0)
);

-- One draft of a region at a time.
create unique index regional_framework_draft_key on regional_framework (region) where state = 'draft';

-- People draft and agree; no machine does.
grant select, insert, update on regional_framework to cpom_app;
