//! The README's console blocks show what the command really prints.
//!
//! `TRYCMD=overwrite cargo test --test readme` writes the output anew; read the difference before keeping it.

#[test]
fn the_readme_shows_what_the_command_prints() {
    trycmd::TestCases::new().case("README.md");
}
