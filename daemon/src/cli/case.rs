//! Commands about cases.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use chrono::NaiveDate;
use dropcase_parsers::fields::Field;

use crate::commands::account::AccountShape;
use crate::commands::cases::{CaseList, CaseShown};
use crate::commands::orders::OrderShape;
use crate::commands::papers::PaperList;
use crate::control::{Attachment, Failure, Request};

use super::args::{Booking, BookingTerms, CaseCommand, OrderArgs};
use super::ask::{Attached, ask};
use super::save::Saver;
use super::{exit, output, print};

/// `case …`
///
/// # Errors
/// With the kind that becomes the exit code.
pub(super) fn run(named: Option<&Path>, command: CaseCommand) -> Result<ExitCode, Failure> {
    match command {
        CaseCommand::List {
            client,
            debtor,
            status,
            limit,
            json,
        } => {
            let request = Request::CaseList {
                client,
                debtor,
                status: status.as_str().to_owned(),
                limit,
            };
            let list: CaseList = ask(named, request, &[], &mut |_| {})?;
            output::answer(json.json, &list, print::cases::list)
        }
        CaseCommand::Show { number, json } => {
            let shown: CaseShown = ask(named, Request::CaseShow { number }, &[], &mut |_| {})?;
            output::answer(json.json, &shown, print::cases::show)
        }
        CaseCommand::Papers { number, save, json } => papers(named, number, save.as_deref(), json.json),
        CaseCommand::Account {
            number,
            as_of,
            explain,
            json,
        } => {
            let account: AccountShape = ask(named, Request::CaseAccount { number, as_of }, &[], &mut |_| {})?;
            output::answer(json.json, &account, |account| print::account::account(account, explain))
        }
        CaseCommand::Reply {
            number,
            text,
            query,
            mail,
            papers,
            order,
        } => {
            let papers: Vec<_> = papers
                .iter()
                .map(|path| Attached::look_at(path))
                .collect::<Result<_, _>>()?;
            let record = Order::to(number, if query { "query" } else { "reply" })
                .with(Field::Text, Some(text))
                .with(Field::ReplyByMail, mail.then_some("true"));
            send(named, record, &papers, order)
        }
        command => order(named, command),
    }
}

/// The papers of a case, saved into a folder where one is named.
fn papers(named: Option<&Path>, number: String, folder: Option<&Path>, json: bool) -> Result<ExitCode, Failure> {
    let mut saver = folder.map(Saver::new).transpose()?;
    let content = saver.is_some();
    let request = Request::CasePapers { number, content };
    let mut list: PaperList = ask(named, request, &[], &mut |heard| {
        if let Some(saver) = &mut saver {
            saver.hear(heard);
        }
    })?;
    let Some(saver) = saver else {
        return output::answer(json, &list, print::papers::list);
    };
    saver.finish(&mut list.papers)?;
    let code = output::answer(json, &list, print::papers::list)?;
    let lost = list.papers.iter().filter(|paper| paper.saved_as.is_none());
    let lost: Vec<&str> = lost.map(|paper| paper.sha256.as_str()).collect();
    match lost.is_empty() {
        true => Ok(code),
        false => Err(Failure::refused(format!(
            "missing in the paper store, or damaged there: {}",
            lost.join(", ")
        ))),
    }
}

/// Orders to a case, each as the record that a back office's file would hold.
fn order(named: Option<&Path>, command: CaseCommand) -> Result<ExitCode, Failure> {
    let (record, order) = match command {
        CaseCommand::Book {
            number,
            what,
            amount,
            terms,
            order,
        } => (booking(number, what, amount, *terms), order),
        CaseCommand::Note {
            number,
            text,
            kind,
            on,
            visible,
            order,
        } => (note(number, text, kind, on, visible), order),
        CaseCommand::Status {
            number,
            stage,
            reason,
            order,
        } => {
            let record = Order::to(number, "status_change").with(Field::Stage, Some(stage));
            (record.with(Field::Reason, reason), order)
        }
        CaseCommand::Hold {
            number,
            until,
            reason,
            order,
        } => {
            let record = Order::to(number, "hold").with(Field::Until, until);
            (record.with(Field::Reason, reason), order)
        }
        CaseCommand::Resume { number, order } => (Order::to(number, "resume"), order),
        CaseCommand::Close {
            number,
            closing_reason,
            order,
        } => {
            let record = Order::to(number, "close").with(Field::ClosingReason, Some(closing_reason));
            (record, order)
        }
        CaseCommand::Assign { number, handler, order } => {
            (Order::to(number, "handler_change").with(Field::Handler, handler), order)
        }
        CaseCommand::List { .. }
        | CaseCommand::Show { .. }
        | CaseCommand::Papers { .. }
        | CaseCommand::Account { .. }
        | CaseCommand::Reply { .. } => return Ok(exit::DONE),
    };
    send(named, record, &[], order)
}

fn booking(number: String, what: Booking, amount: Option<String>, terms: BookingTerms) -> Order {
    Order::to(number, what.record_type())
        .with(Field::Amount, amount)
        .with(Field::ValueDate, terms.value_date)
        .with(Field::PaymentNumber, terms.key)
        .with(Field::InvoiceNumber, terms.claim)
        .with(Field::AllocateTo, terms.allocate_to)
        .with(Field::FeeRate, terms.fee_rate)
        .with(Field::Reason, terms.reason)
        .with(Field::Visibility, terms.visible.then_some("client"))
}

fn note(number: String, text: String, kind: String, on: Option<NaiveDate>, visible: bool) -> Order {
    Order::to(number, "history_entry")
        .with(Field::Text, Some(text))
        .with(Field::EntryKind, Some(kind))
        .with(Field::ValueDate, on)
        .with(Field::Visibility, visible.then_some("client"))
}

/// The fields of a record.
struct Order(BTreeMap<String, String>);

impl Order {
    fn to(number: String, record_type: &str) -> Self {
        Self(BTreeMap::new())
            .with(Field::RecordType, Some(record_type))
            .with(Field::CaseNumber, Some(number))
    }

    fn with(mut self, field: Field, value: Option<impl ToString>) -> Self {
        self.0
            .extend(value.map(|value| (field.as_str().to_owned(), value.to_string())));
        self
    }
}

fn send(named: Option<&Path>, record: Order, papers: &[Attached], given: OrderArgs) -> Result<ExitCode, Failure> {
    let attachments = papers.iter().map(|paper| Attachment {
        name: paper.name.clone(),
        size: paper.size,
    });
    let request = Request::CaseOrder {
        record: record.0,
        papers: attachments.collect(),
        dry_run: given.dry_run,
    };
    let told: OrderShape = ask(named, request, papers, &mut |_| {})?;
    let code = output::answer(given.json.json, &told, print::account::order)?;
    Ok(if told.outcome == "refused" {
        exit::findings()
    } else {
        code
    })
}
