#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    oncofeed::cli::main()
}
