//! Messages of a bank, as texts.

/// A statement of the message `kind` in version `version` with these entries.
pub(crate) fn statement(kind: u32, version: u32, entries: &str) -> String {
    let (message, account) = match kind {
        52 => ("BkToCstmrAcctRpt", "Rpt"),
        54 => ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
        _ => ("BkToCstmrStmt", "Stmt"),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.0{kind}.001.{version:02}\"><{message}>\
         <GrpHdr><MsgId>M1</MsgId><MsgPgntn><PgNb>1</PgNb><LastPgInd>true</LastPgInd></MsgPgntn></GrpHdr>\n<{account}><Id>S1</Id>\
         <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>\
         <Bal><Amt Ccy=\"EUR\">1000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>\n{entries}</{account}></{message}></Document>"
    )
}

/// An entry: amount, direction, status, what comes before the details, details.
pub(crate) fn entry(amount: &str, direction: &str, status: &str, more: &str, details: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts>{status}</Sts>\
         <BookgDt><Dt>2026-03-16</Dt></BookgDt><ValDt><Dt>2026-03-15</Dt></ValDt>{more}\
         <NtryDtls>{details}</NtryDtls></Ntry>\n"
    )
}

/// Details with this reference of the bank (may be empty), end-to-end reference, amount and text.
pub(crate) fn detail(reference: &str, end_to_end: &str, amount: &str, text: &str) -> String {
    let reference = match reference {
        "" => String::new(),
        reference => format!("<AcctSvcrRef>{reference}</AcctSvcrRef>"),
    };
    format!(
        "<TxDtls><Refs>{reference}<EndToEndId>{end_to_end}</EndToEndId></Refs><Amt Ccy=\"EUR\">{amount}</Amt>\
         <RltdPties><Dbtr><Nm>Erika Mustermann</Nm></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>\
         </RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )
}
