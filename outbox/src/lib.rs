//! Answers of dropcase: acknowledgements, corrections, reports, mails, and the queue that delivers them
