//! How settings, the command line and the database write the choices of a client.

use std::fmt;
use std::str::FromStr;

use super::terms::{
    AcrossClaims, DayCount, FirstDay, Keeper, Law, Order, Part, PaymentDay, RestDays, Rounding, SameDay,
};
use super::{AnswerFormat, DateOrder, Locale, NumberFormat, Policy, ReportKind, Right};
use crate::reader::choose;

/// Gives an enum its words: one list, read and written from it.
macro_rules! words {
    ($type:ty: $($word:literal => $variant:ident),+) => {
        impl $type {
            /// All words with what they mean.
            pub const WORDS: &[(&str, Self)] = &[$(($word, Self::$variant)),+];

            /// The word for it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $type {
            /// Says which words there are.
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                choose(text, Self::WORDS)
            }
        }
    };
}

words!(Right: "drop" => Drop, "answers" => Answers, "reports" => Reports, "settlements" => Settlements);
words!(Policy: "valid-rows" => ValidRows, "whole-file" => WholeFile);
words!(Locale: "de" => De, "en" => En, "da" => Da);
words!(AnswerFormat: "csv" => Csv, "xlsx" => Xlsx, "json" => Json, "xml" => Xml);
words!(NumberFormat: "decimal-comma" => DecimalComma, "decimal-point" => DecimalPoint);
words!(DateOrder: "day-month-year" => DayMonthYear, "month-day-year" => MonthDayYear, "year-month-day" => YearMonthDay);
words!(ReportKind: "cases" => Cases, "deliveries" => Deliveries);
words!(Law: "de" => De, "nl" => Nl, "dk" => Dk);
words!(DayCount: "actual/365" => Actual365, "actual/actual" => ActualActual, "30/360" => Thirty360);
words!(FirstDay: "after_event" => AfterEvent, "event" => Event);
words!(PaymentDay: "old_balance" => OldBalance, "new_balance" => NewBalance);
words!(RestDays: "as_given" => AsGiven, "next_working_day" => NextWorkingDay);
words!(Rounding: "half_up" => HalfUp, "down" => Down);
words!(SameDay: "debts_first" => DebtsFirst, "payments_first" => PaymentsFirst);
words!(AcrossClaims: "claim_by_claim" => ClaimByClaim, "interest_first" => InterestFirst);
words!(Order: "367" => InterestBeforePrincipal, "497" => PrincipalBeforeInterest);
words!(Part: "principal" => Principal, "interest" => Interest, "costs" => Costs);
words!(Keeper: "client" => Client, "agency" => Agency);
