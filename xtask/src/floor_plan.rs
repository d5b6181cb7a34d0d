//! Checks the floor plan: who may use whom.
//!
//! No file imports another in a circle, in Rust or JavaScript, and no file uses what its own folder's `mod.rs` defines. A folder
//! uses only folders above it in the tour: the numbered list at the top of src/lib.rs, www/worker/main.js and www/app/main.js.

use crate::command::root;
use crate::named_paths;
use anyhow::{Context, Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};
use syn::visit::{self, Visit};

/// For each file, the files that it uses; paths from the repository's folder.
type Uses = BTreeMap<PathBuf, BTreeSet<PathBuf>>;

/// What page and worker may both use: it is above everything.
const SHARED: &str = "www/shared";

/// Checks everything, also the paths in comments and documents; an error names the files.
pub fn check() -> Result<()> {
    let core = rust_uses(Path::new("src"))?;
    check_circles(&core)?;
    check_tour(&core, Path::new("src"), &tour("src/lib.rs")?)?;
    check_circles(&rust_uses(Path::new("bitcheck/src"))?)?;
    for side in ["www/worker", "www/app"] {
        let uses = javascript_uses(Path::new(side))?;
        check_circles(&uses)?;
        check_tour(&uses, Path::new(side), &tour(&format!("{side}/main.js"))?)?;
    }
    named_paths::check()
}

/// The names in the numbered list of a file's first comment: ``1. [`picture`]: ...`` or `1. shared/: ...`.
fn tour(file: &str) -> Result<Vec<String>> {
    let text = fs::read_to_string(root().join(file))?;
    let entry = |line: &str| {
        let line = line.trim_start_matches(['/', '!', '*', ' ']);
        let (number, rest) = line.split_once(". ")?;
        number.parse::<usize>().ok()?;
        let name = rest.trim_start_matches(['[', '`']).trim_start_matches("mod@");
        Some(name.split(['`', '/', ':']).next()?.to_owned())
    };
    let names: Vec<String> = text.lines().take_while(|line| !line.starts_with("import")).filter_map(entry).collect();
    ensure!(!names.is_empty(), "{file} has no tour: a numbered list of its folders");
    Ok(names)
}

/// Checks that each folder is in the tour and uses only those above it. Files beside the folders may use all.
fn check_tour(uses: &Uses, top: &Path, tour: &[String]) -> Result<()> {
    let folder = |file: &Path| -> Option<String> {
        let below = file.strip_prefix(top).ok()?;
        let first = below.components().next()?.as_os_str().to_str()?.to_owned();
        (below.components().count() > 1).then_some(first)
    };
    // The command is a separate program beside the library, so it may use all.
    let place = |name: &str| tour.iter().position(|other| other == name).or((name == "cli").then_some(usize::MAX));
    for (file, used) in uses {
        let Some(from) = folder(file) else { continue };
        let from_place = place(&from).with_context(|| format!("{} is not in the tour", top.join(&from).display()))?;
        for other in used {
            let Some(to) = folder(other).filter(|to| *to != from) else { continue };
            let to_place = place(&to).with_context(|| format!("{} is not in the tour", top.join(&to).display()))?;
            ensure!(
                to_place < from_place,
                "{} uses {}, but {from} stands above {to} in the tour",
                file.display(),
                other.display()
            );
        }
    }
    for name in tour {
        let is_there = root().join(top).join(name).is_dir() || root().join(top).join(format!("{name}.rs")).is_file();
        ensure!(is_there, "{name} is in the tour of {}, but not there", top.display());
    }
    Ok(())
}

fn check_circles(uses: &Uses) -> Result<()> {
    let mut done = BTreeSet::new();
    for file in uses.keys() {
        let mut way = Vec::new();
        if let Some(circle) = find_circle(uses, file, &mut way, &mut done) {
            let names: Vec<String> = circle.iter().map(|file| file.display().to_string()).collect();
            bail!("files that import each other in a circle: {}", names.join(" -> "));
        }
    }
    Ok(())
}

fn find_circle<'a>(
    uses: &'a Uses,
    file: &'a Path,
    way: &mut Vec<&'a Path>,
    done: &mut BTreeSet<&'a Path>,
) -> Option<Vec<&'a Path>> {
    if let Some(start) = way.iter().position(|other| *other == file) {
        return Some([&way[start..], &[file]].concat());
    }
    if done.contains(file) {
        return None;
    }
    way.push(file);
    let circle = uses.get(file).into_iter().flatten().find_map(|other| find_circle(uses, other, way, done));
    way.pop();
    done.insert(file);
    circle
}

/// The files of a folder and its subfolders with this ending.
fn files(top: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(top)).with_context(|| top.display().to_string())? {
        let entry = entry?;
        let path = top.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            found.extend(files(&path, ending)?);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The files that JavaScript files of this folder name in `import ... from` and `import(...)`, here and in what both sides share.
fn javascript_uses(top: &Path) -> Result<Uses> {
    let mut uses = Uses::new();
    for file in files(top, "js")? {
        let text = fs::read_to_string(root().join(&file))?;
        let folder = file.parent().expect("a file lies in a folder");
        let mut used = BTreeSet::new();
        // Types named in comments do not count: they disappear when the page is built.
        for line in text.lines().filter(|line| !line.trim_start().starts_with(['*', '/'])) {
            let Some(place) = line.find(" from '").map(|at| at + " from '".len()).or_else(|| {
                let rest = line.strip_prefix("import '")?;
                Some(line.len() - rest.len())
            }) else {
                continue;
            };
            let name = line[place..].split('\'').next().unwrap_or_default();
            if !name.starts_with('.') {
                continue;
            }
            let other = normal(&folder.join(name));
            ensure!(
                other.starts_with(top) || other.starts_with(SHARED) || other.starts_with("www/i18n"),
                "{} reaches {}, which is neither of its own side nor shared",
                file.display(),
                other.display()
            );
            if other.starts_with(top) {
                used.insert(other);
            }
        }
        uses.insert(file, used);
    }
    Ok(uses)
}

fn normal(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut normal, part| {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = normal.pop(),
            _ => normal.push(part),
        }
        normal
    })
}

/// The files that paths in the code of this folder name; tests may use anything.
fn rust_uses(top: &Path) -> Result<Uses> {
    let mut modules: BTreeMap<Vec<String>, PathBuf> = BTreeMap::new();
    let mut syntaxes: BTreeMap<Vec<String>, syn::File> = BTreeMap::new();
    for file in files(top, "rs")? {
        let text = fs::read_to_string(root().join(&file))?;
        let syntax = syn::parse_file(&text).with_context(|| file.display().to_string())?;
        syntaxes.insert(module_of(&file, top), syntax);
        modules.insert(module_of(&file, top), file);
    }
    let tests: Vec<Vec<String>> = syntaxes.iter().flat_map(|(module, syntax)| test_files(module, syntax)).collect();
    modules.retain(|module, _| !tests.iter().any(|test| module.starts_with(test)));
    let mut uses = Uses::new();
    for (module, file) in &modules {
        let mut found = Paths { module: module.clone(), paths: Vec::new() };
        found.visit_file(&syntaxes[module]);
        let used = found.paths.iter().filter_map(|path| file_of(path, &modules)).filter(|other| other != file);
        uses.insert(file.clone(), used.collect());
    }
    // A module's parent declares it, and so is above it.
    for (module, file) in modules.iter().filter(|(module, _)| !module.is_empty()) {
        if let Some(parent) = modules.get(&module[..module.len() - 1]) {
            uses.get_mut(parent).expect("every module is here").insert(file.clone());
        }
    }
    Ok(uses)
}

/// The modules that a file declares for tests alone and that are files of their own.
fn test_files(module: &[String], syntax: &syn::File) -> Vec<Vec<String>> {
    let name = |item: &syn::Item| match item {
        syn::Item::Mod(item) if item.content.is_none() && is_test(item) => Some(item.ident.to_string()),
        _ => None,
    };
    syntax.items.iter().filter_map(name).map(|name| [module, &[name]].concat()).collect()
}

fn is_test(item: &syn::ItemMod) -> bool {
    item.attrs.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Ident>().is_ok_and(|condition| condition == "test")
    })
}

/// Below the top, `a/b.rs` and `a/b/mod.rs` are the module `a::b`; `main.rs` does not belong to the library.
fn module_of(file: &Path, top: &Path) -> Vec<String> {
    let below = file.strip_prefix(top).expect("below the top").with_extension("");
    let mut names: Vec<String> = below.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| name == "mod" || name == "lib") {
        names.pop();
    }
    names
}

/// The file that defines what a path names: the longest prefix that is a module.
fn file_of(path: &[String], modules: &BTreeMap<Vec<String>, PathBuf>) -> Option<PathBuf> {
    (0..=path.len()).rev().find_map(|length| modules.get(&path[..length]).cloned())
}

/// Collects paths from the crate's root.
struct Paths {
    module: Vec<String>,
    paths: Vec<Vec<String>>,
}

impl Paths {
    fn add(&mut self, names: &[String]) {
        let mut base = self.module.clone();
        let mut names = names;
        match names.first().map(String::as_str) {
            Some("crate") => (base, names) = (Vec::new(), &names[1..]),
            Some("self") => names = &names[1..],
            _ => {}
        }
        while names.first().is_some_and(|name| name == "super") {
            base.pop();
            names = &names[1..];
        }
        self.paths.push([base, names.to_vec()].concat());
    }

    fn add_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&[before, &[path.ident.to_string()]].concat(), &path.tree),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(before, tree)),
            syn::UseTree::Name(name) => self.add(&[before, &[name.ident.to_string()]].concat()),
            syn::UseTree::Rename(name) => self.add(&[before, &[name.ident.to_string()]].concat()),
            syn::UseTree::Glob(_) => self.add(before),
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.add(&names);
        }
        visit::visit_path(self, path);
    }

    /// `pub(crate)` is not a use of the crate.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_test(item) {
            return;
        }
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(arrows: &[(&str, &str)]) -> Uses {
        let mut uses = Uses::new();
        for (from, to) in arrows {
            uses.entry(from.into()).or_default().insert(to.into());
        }
        uses
    }

    #[test]
    fn the_plan_holds() {
        check().unwrap();
    }

    #[test]
    fn a_circle_is_named() {
        assert!(check_circles(&uses(&[("a.rs", "b.rs"), ("b.rs", "c.rs"), ("a.rs", "c.rs")])).is_ok());
        let error = check_circles(&uses(&[("a.rs", "b.rs"), ("b.rs", "c.rs"), ("c.rs", "b.rs")])).unwrap_err();
        assert!(error.to_string().ends_with("b.rs -> c.rs -> b.rs"), "{error}");
    }

    #[test]
    fn an_arrow_up_is_named() {
        let plan = uses(&[("src/picture/plane.rs", "src/hash/pdq/mod.rs")]);
        let tour = ["picture", "hash"].map(str::to_owned);
        assert!(check_tour(&plan, Path::new("src"), &tour).is_err());
        let plan = uses(&[("src/hash/pdq/mod.rs", "src/picture/plane.rs")]);
        assert!(check_tour(&plan, Path::new("src"), &tour).is_ok());
    }

    #[test]
    fn files_of_tests_are_told_from_others() {
        let syntax = syn::parse_str("mod b; #[cfg(test)] mod tests; #[cfg(test)] mod inner {}").unwrap();
        assert_eq!(test_files(&["a".to_owned()], &syntax), [["a", "tests"]]);
    }

    #[test]
    fn paths_are_read_from_code() {
        let code = "use super::b::{self, C}; fn f() { crate::d::e(); } mod inner { use super::super::g; } \
                    #[cfg(test)] mod tests { use crate::never; }";
        let mut found = Paths { module: vec!["a".into(), "x".into()], paths: Vec::new() };
        found.visit_file(&syn::parse_str(code).unwrap());
        let paths: Vec<String> = found.paths.iter().map(|path| path.join("::")).collect();
        for path in ["a::b::C", "d::e", "a::g"] {
            assert!(paths.iter().any(|found| found == path), "{path}: {paths:?}");
        }
        assert!(!paths.iter().any(|path| path.contains("never")));
    }
}
