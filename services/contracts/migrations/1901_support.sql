-- A party that becomes the support establishment of its group moves too: it signs for all from that day on.
alter table contract_member_move add column supports boolean not null default false;
alter table contract_member_move
    add constraint contract_member_move_supports_as_a_party check (not supports or joins);
