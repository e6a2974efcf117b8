//! Hosts SFTP and FTPS, jails each client, publishes uploads, notices and claims files
