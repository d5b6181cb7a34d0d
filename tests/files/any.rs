//! Inputs stay as they are, whatever they are called and whatever stands in the way of outputs.

use super::*;

/// Things that stand in the way of outputs.
#[derive(Clone, Copy, Debug)]
enum Obstacle {
    Nothing,
    Text,
    Fingerprint,
    Recording,
    LinkToInput,
    HardLinkToInput,
    LinkToText,
    LinkToNothing,
    LinkToFolder,
}

#[derive(Clone, Copy, Debug)]
enum Way {
    ToFile,
    ToFolder,
    AppendedTo,
    Printed,
}

#[derive(Clone, Debug)]
struct Case {
    inputs: Vec<(OsString, bool)>,
    is_folder_named: bool,
    obstacle: Obstacle,
    way: Way,
    format: &'static str,
    victim: Index,
    interrupt: Option<(&'static str, u64)>,
}

fn any_case() -> impl Strategy<Value = Case> {
    use Obstacle::*;
    let names = [
        "a.png",
        "-o",
        "b\n.png",
        "a.png.cotejo",
        ".cotejo-x.part",
        "é",
        "c\x1b[2J.png",
        "a.png.part",
        "%d.png",
        "out",
    ];
    let names: Vec<OsString> =
        names.map(OsString::from).into_iter().chain([OsString::from_vec(b"\xff\xfe.png".to_vec())]).collect();
    let obstacles = vec![
        Nothing,
        Text,
        Fingerprint,
        Recording,
        LinkToInput,
        HardLinkToInput,
        LinkToText,
        LinkToNothing,
        LinkToFolder,
    ];
    let interrupt = prop_oneof![
        2 => Just(None),
        1 => (select(vec!["INT", "TERM", "HUP"]), 0..15u64).prop_map(Some),
    ];
    let inputs = proptest::collection::btree_map(select(names), any::<bool>(), 1..4);
    let way = select(vec![Way::ToFile, Way::ToFile, Way::ToFolder, Way::ToFolder, Way::AppendedTo, Way::Printed]);
    let format = select(vec!["fingerprint", "fingerprint", "csv", "sha256sum"]);
    (inputs, any::<bool>(), select(obstacles), way, format, any::<Index>(), interrupt).prop_map(
        |(inputs, is_folder_named, obstacle, way, format, victim, interrupt)| Case {
            inputs: inputs.into_iter().collect(),
            is_folder_named,
            obstacle,
            way,
            format,
            victim,
            interrupt,
        },
    )
}

impl Case {
    /// Lays out the files; returns the inputs, and the name that something stands in the way of.
    fn lay_out(&self, folder: &Folder) -> (Vec<PathBuf>, PathBuf) {
        let mut inputs = Vec::new();
        for (i, (name, is_below)) in self.inputs.iter().enumerate() {
            let path = Path::new("in").join(if *is_below { "sub" } else { "" }).join(name);
            folder.write(&path, if i % 2 == 0 { PICTURE } else { SECOND_PICTURE });
            inputs.push(path);
        }
        folder.write("text", b"a text");
        folder.write("elsewhere/text", b"another text");
        let victim = inputs[self.victim.index(inputs.len())].clone();
        let contested = match self.way {
            Way::ToFolder => {
                let place = if self.is_folder_named {
                    victim.strip_prefix("in").unwrap()
                } else {
                    Path::new(victim.file_name().unwrap())
                };
                let mut name = Path::new("out").join(place).into_os_string();
                name.push(match self.format {
                    "fingerprint" => ".cotejo",
                    "csv" => ".csv",
                    _ => ".sha256",
                });
                PathBuf::from(name)
            }
            _ => PathBuf::from("out/result"),
        };
        let at = folder.path(&contested);
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        let victim = folder.path(victim);
        match self.obstacle {
            Obstacle::Nothing => {}
            Obstacle::Text => fs::write(at, b"a third text").unwrap(),
            Obstacle::Fingerprint => fs::write(at, EXAMPLE).unwrap(),
            Obstacle::Recording => fs::write(at, SECOND_PICTURE).unwrap(),
            Obstacle::LinkToInput => symlink(victim, at).unwrap(),
            Obstacle::HardLinkToInput => fs::hard_link(victim, at).unwrap(),
            Obstacle::LinkToText => symlink(folder.path("text"), at).unwrap(),
            Obstacle::LinkToNothing => symlink("nothing", at).unwrap(),
            Obstacle::LinkToFolder => symlink(folder.path("elsewhere"), at).unwrap(),
        }
        (inputs, contested)
    }

    fn start(&self, folder: &Folder, inputs: &[PathBuf], contested: &Path) -> Child {
        let mut command = folder.interruptible_cotejo();
        command.args(["hash", "--format", self.format]);
        match self.way {
            Way::ToFile => drop(command.arg("-o").arg(contested)),
            Way::ToFolder => drop(command.args(["-d", "out"])),
            Way::AppendedTo => {
                let file = File::options().append(true).create(true).open(folder.path(contested));
                // To where no file can be, the shell would not append either.
                command.stdout(file.map_or(Stdio::null(), Stdio::from));
            }
            Way::Printed => {}
        }
        command.arg("--");
        if self.is_folder_named {
            command.arg("in")
        } else {
            command.args(inputs)
        };
        command.spawn().unwrap()
    }
}

/// Every file below a folder with its bytes, held open, so that it is the same file whatever its names become.
fn files_below(folder: &Folder) -> BTreeMap<PathBuf, (File, Vec<u8>)> {
    let files = folder_entries(&folder.0).into_iter().filter(|path| fs::symlink_metadata(path).unwrap().is_file());
    files.map(|path| (path.clone(), (File::open(&path).unwrap(), fs::read(&path).unwrap()))).collect()
}

fn folder_entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        entries.push(entry.path());
        if entry.file_type().unwrap().is_dir() {
            entries.extend(folder_entries(&entry.path()));
        }
    }
    entries
}

#[test]
fn no_input_is_ever_altered_and_nothing_stays_behind() {
    // Failures are shown with the case, and come again: the seed is fixed.
    let config =
        ProptestConfig { cases: 150, rng_seed: RngSeed::Fixed(18), failure_persistence: None, ..Default::default() };
    let (done, ended) = (Cell::new(0), Cell::new(0));
    let outcome = TestRunner::new(config).run(&any_case(), |case| {
        let folder = Folder::new("any");
        let (inputs, contested) = case.lay_out(&folder);
        let before = files_below(&folder);
        let appended_to =
            matches!(case.way, Way::AppendedTo).then(|| fs::canonicalize(folder.path(&contested)).ok()).flatten();
        let child = case.start(&folder, &inputs, &contested);
        if let Some((signal, wait_ms)) = case.interrupt {
            thread::sleep(Duration::from_millis(wait_ms));
            folder.run("kill", &[format!("-{signal}"), child.id().to_string()]);
        }
        let output = child.wait_with_output().unwrap();
        prop_assert!(output.status.code().is_some() || case.interrupt.is_some(), "{output:?}");
        for (path, (file, bytes)) in &before {
            let mut now = Vec::new();
            let mut file = file;
            file.rewind().unwrap();
            file.read_to_end(&mut now).unwrap();
            // Whoever has a shell append to a file wants it longer; that it is no input is looked at below.
            let is_appended = appended_to.as_ref() == Some(path) && now.starts_with(bytes);
            prop_assert!(now == *bytes || is_appended, "{path:?} was written to: {output:?}");
            let is_recording = bytes == PICTURE || bytes == SECOND_PICTURE;
            let is_there = fs::metadata(path).is_ok_and(|there| there.ino() == file.metadata().unwrap().ino());
            prop_assert!(is_there || !is_recording, "{path:?} was replaced: {output:?}");
        }
        for input in &inputs {
            let bytes = folder.read(input);
            prop_assert!(bytes == PICTURE || bytes == SECOND_PICTURE, "{input:?} was altered");
        }
        for path in folder_entries(&folder.0) {
            let name = path.file_name().unwrap().as_bytes();
            let is_laid_out = before.contains_key(&path);
            prop_assert!(is_laid_out || !name.ends_with(b".part"), "{path:?} was left behind: {output:?}");
            let is_new = !is_laid_out && fs::symlink_metadata(&path).unwrap().is_file();
            if is_new && case.format == "fingerprint" && !matches!(case.way, Way::AppendedTo) {
                prop_assert!(is_fingerprint(&fs::read(&path).unwrap()), "{path:?} is not whole: {output:?}");
            }
        }
        done.set(done.get() + u32::from(output.status.success()));
        ended.set(ended.get() + u32::from(output.status.signal().is_some()));
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    assert!(done.get() > 30 && ended.get() > 5, "{done:?} done, {ended:?} interrupted");
}
