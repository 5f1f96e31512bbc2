// SPDX-License-Identifier: GPL-2.0

//! Prints the implementations of all architectures, a line each, for scripts: architecture, name,
//! type, priority, priority where it is slow, registers, instruction, and features joined by `+`.

/// Prints the rows of the table of an architecture.
macro_rules! print_rows {
    ($({
        type: $type:ident,
        name: $name:tt,
        priority: $priority:tt,
        where_slow: $where_slow:tt,
        needs: [$($feature:tt),*],
        why_not: $why_not:tt,
        registers: $registers:tt,
        multiplies: $multiplies:tt,
        $($rest:tt)*
    })*) => {
        pub(crate) fn print(arch: &str) {
            $({
                let needs: &[&str] = &[$($feature),*];
                println!(
                    "{arch} {} {} {} {} {} {} {}",
                    $name,
                    stringify!($type),
                    $priority,
                    $where_slow,
                    $registers,
                    $multiplies,
                    needs.join("+"),
                );
            })*
        }
    };
}

// What comes after the second table gets that one by the macro's name.
#[macro_use]
#[path = "../../arch_x86/implementations.rs"]
mod x86_table;

mod x86 {
    implementations!(print_rows);
}

#[macro_use]
#[path = "../../arch_arm64/implementations.rs"]
mod arm64_table;

mod arm64 {
    implementations!(print_rows);
}

fn main() {
    x86::print("x86_64");
    arm64::print("arm64");
}
