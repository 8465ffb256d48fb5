//! The `nival` command.

use nival::eval::*;
use nival::host::RealHost;
use nival::source::Origin;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[allow(clippy::print_stdout, clippy::unwrap_used, clippy::print_stderr, reason = "x")]
fn main() {
    let t = std::thread::Builder::new().stack_size(4 << 30).spawn(|| {
        let text = std::env::args().nth(1).unwrap();
        let mut ev = Evaluator::new(Box::new(RealHost::new()), Settings::default()).unwrap();
        nival::builtins::install(&mut ev).unwrap();
        let r = ev.eval_text(Origin::Text, text.as_bytes(), b"/tmp").and_then(|v| { let s = nival::value::slot(v); ev.force_deep(&s)?; ambiguous(&ev, nival::value::peek(&s)) });
        match r {
            Ok(v) => println!("{}", String::from_utf8_lossy(&v)),
            Err(e) => eprintln!("{}", render(&ev.sources, &e, false)),
        }
    });
    t.unwrap().join().unwrap();
}
