-- Which council took a position: what one département thinks is not what its neighbour does. None for the other sides, and
-- for what a council said before this was recorded.
alter table contract_position add column council text;
alter table contract_position add constraint contract_position_council_of_its_side
    check (council is null or side = 'DEPARTMENT');
