//! Case numbers: a number ([`super::numbers`]) and a check digit after ISO 7064 MOD 11,10, which finds every single wrong
//! digit and nearly every swap of two neighbours. The first number is 1,000,000, so a case number has eight digits. Gaps are
//! allowed.

/// The number with its check digit behind it.
pub(super) fn with_check_digit(number: i64) -> String {
    let digits = number.to_string();
    let check = (11 - product(&digits)) % 10;
    format!("{digits}{check}")
}

/// Whether `number` (digits, spaces and hyphens ignored) has a right check digit: what a person typed.
pub fn is_case_number(number: &str) -> bool {
    let digits: String = number.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let Some((body, check)) = digits.split_at_checked(digits.len().saturating_sub(1)) else {
        return false;
    };
    digits.len() > 1
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && check
            .parse::<u32>()
            .is_ok_and(|check| (product(body) + check) % 10 == 1)
}

/// ISO/IEC 7064, hybrid system MOD 11,10.
fn product(digits: &str) -> u32 {
    digits
        .chars()
        .filter_map(|c| c.to_digit(10))
        .fold(10, |product, digit| {
            let sum = (product + digit) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits() {
        // The standard's own example: 0794 has the check digit 5.
        assert!(is_case_number("07945"));
        for number in [1_000_000, 1_234_567, 99_999_999] {
            let case = with_check_digit(number);
            assert!(is_case_number(&case), "{case}");
            for place in 0..case.len() {
                for digit in '0'..='9' {
                    let mut wrong: Vec<char> = case.chars().collect();
                    if std::mem::replace(&mut wrong[place], digit) != digit {
                        let wrong: String = wrong.into_iter().collect();
                        assert!(!is_case_number(&wrong), "{wrong} for {case}");
                    }
                }
            }
        }
        for text in ["", "5", "abc", "1000000x"] {
            assert!(!is_case_number(text), "{text}");
        }
    }
}
