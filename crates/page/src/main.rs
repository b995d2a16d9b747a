//! Makes the workbench: `choucha-page ENGINE.wasm PAGE.html`.

use std::error::Error;
use std::fs;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [engine, page] = arguments.as_slice() else {
        return Err("usage: choucha-page ENGINE.wasm PAGE.html".into());
    };
    fs::write(page, choucha_page::workbench(&fs::read(engine)?)?)?;
    Ok(())
}
