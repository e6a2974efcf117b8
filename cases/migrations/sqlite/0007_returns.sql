-- By which references the bank's returns find the payments that they take back.
create table booking_references (
    reference   text not null,          -- end-to-end reference of a payment to the agency; several may have it
    case_id     bigint not null,
    booking_id  bigint not null,
    primary key (reference, case_id, booking_id)
) without rowid;
