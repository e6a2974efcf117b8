//! Transports: a mail server through SMTP, or a folder of `.eml` files.

use std::io::Write as _;
use std::path::Path;

use dropcase_config::{MailTransport, Smtp, SmtpTls};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use crate::publish::Folder;

/// Why a message did not go out, by what to do about it. The text is a code for the outbox table and the log: no
/// address, nothing of what the server said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// This message will never be taken (5xx).
    #[error("{0}")]
    Refused(String),
    /// Not now (4xx).
    #[error("{0}")]
    Later(String),
    /// The server cannot be used at all (away, TLS, login): no other message will go either.
    #[error("{0}")]
    Down(String),
}

/// Sends one message; every attempt has a connection of its own.
///
/// # Errors
/// [`SendError`] says what to do about it.
pub async fn send(transport: &MailTransport, message: &Message, file_name: &str) -> Result<(), SendError> {
    match transport {
        MailTransport::Off => Ok(()),
        MailTransport::Folder(folder) => {
            let (folder, bytes, name) = (folder.clone(), message.formatted(), file_name.to_owned());
            let written = tokio::task::spawn_blocking(move || write(&folder, &bytes, &name)).await;
            match written {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(SendError::Down(format!("FOLDER {:?}", error.kind()))),
                Err(_) => Err(SendError::Later("FOLDER panic".to_owned())),
            }
        }
        MailTransport::Smtp(smtp) => {
            let server = server(smtp).await?;
            match tokio::time::timeout(smtp.timeout, server.send(message.clone())).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(judge(&error)),
                Err(_) => Err(SendError::Down("SMTP timeout".to_owned())),
            }
        }
    }
}

/// Writes the message whole or not at all; the same message again replaces itself.
fn write(folder: &Path, bytes: &[u8], name: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let folder = Folder::open(folder, "")?;
    let mut temp = folder.create_named(&format!("{name}.tmp"))?;
    temp.file.write_all(bytes)?;
    temp.sync()?;
    folder.replace(&temp.name, name)?;
    folder.sync()
}

async fn server(smtp: &Smtp) -> Result<AsyncSmtpTransport<Tokio1Executor>, SendError> {
    let tls = match smtp.tls {
        SmtpTls::None => Tls::None,
        SmtpTls::Starttls => Tls::Required(parameters(smtp).await?),
        SmtpTls::Tls => Tls::Wrapper(parameters(smtp).await?),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
        .port(smtp.port)
        .timeout(Some(smtp.timeout))
        .tls(tls);
    if let Some((user, password)) = &smtp.credentials {
        builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
    }
    Ok(builder.build())
}

async fn parameters(smtp: &Smtp) -> Result<TlsParameters, SendError> {
    let broken = |what: &str| SendError::Down(format!("SMTP {what}"));
    let mut builder = TlsParameters::builder(smtp.host.clone());
    if let Some(file) = &smtp.ca_file {
        let pem = tokio::fs::read(file).await.map_err(|_| broken("ca_file unreadable"))?;
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| broken("ca_file not PEM"))?);
    }
    builder.build_rustls().map_err(|_| broken("TLS settings"))
}

/// Refusals of the login or of the way of talking concern the settings, not this message (RFC 4954, section 6).
const SETTINGS: [u16; 5] = [530, 534, 535, 538, 502];

fn judge(error: &lettre::transport::smtp::Error) -> SendError {
    match error.status().map(u16::from) {
        Some(code) if error.is_permanent() && !SETTINGS.contains(&code) => SendError::Refused(format!("SMTP {code}")),
        // 421: the server closes the channel.
        Some(421) => SendError::Down("SMTP 421".to_owned()),
        Some(code) if SETTINGS.contains(&code) => SendError::Down(format!("SMTP {code}")),
        Some(code) => SendError::Later(format!("SMTP {code}")),
        None if error.is_tls() => SendError::Down("SMTP TLS".to_owned()),
        None if error.is_timeout() => SendError::Down("SMTP timeout".to_owned()),
        None if error.is_response() => SendError::Later("SMTP response".to_owned()),
        None if error.is_client() => SendError::Down("SMTP client".to_owned()),
        None => SendError::Down("SMTP connection".to_owned()),
    }
}

#[cfg(test)]
mod tests;
