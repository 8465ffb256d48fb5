//! The table of rules.

use super::rule::Rule;
use super::{
    default_value, duplicate_element, equal_by_luck, lost_definition, needless_force, never_holds, old_option,
};

/// All rules, in the order of their names.
pub static RULES: [&Rule; 7] = [
    &default_value::RULE,
    &duplicate_element::RULE,
    &equal_by_luck::RULE,
    &lost_definition::RULE,
    &needless_force::RULE,
    &never_holds::RULE,
    &old_option::RULE,
];

/// The name that stands for all rules.
pub const ALL_RULES: &str = "all";

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn rules_are_in_the_order_of_their_names() {
        assert!(RULES.is_sorted_by_key(|rule| rule.name));
    }
}
