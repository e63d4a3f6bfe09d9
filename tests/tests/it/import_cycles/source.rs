//! The modules of a package, and the paths that each of them uses.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, Ident, Item, UseTree};

use super::graph::Imports;

/// Segments of a path. That of a module begins after `crate`.
type Segments = Vec<String>;

/// The modules of a package, without those for tests.
pub(super) struct Package {
    /// Folder of the sources.
    sources: PathBuf,
    modules: BTreeMap<Segments, Module>,
}

#[derive(Default)]
struct Module {
    file: PathBuf,
    children: BTreeSet<String>,
    items: BTreeSet<String>,
    /// Names that `use` items bring into scope, with their paths.
    names: BTreeMap<String, Segments>,
    /// Paths of `use path::*`.
    globs: Vec<Segments>,
    /// Paths that the code contains.
    used: BTreeSet<Segments>,
}

/// Target of a path.
enum Target {
    Module(Segments),
    /// An item of this module.
    ItemOf(Segments),
}

impl Package {
    /// Reads a package from its folder.
    pub(super) fn read(folder: &Path) -> Self {
        let sources = folder.join("src");
        let mut package = Self {
            sources: sources.clone(),
            modules: BTreeMap::new(),
        };
        let roots = ["lib.rs", "main.rs"].map(|name| sources.join(name));
        let root = roots.iter().find(|root| root.exists());
        let root = root.unwrap_or_else(|| panic!("no root in {}", sources.display()));
        package.read_file(root, &sources, Vec::new());
        package
    }

    /// Returns the files that each file imports. A re-exported item is imported from the file that
    /// defines it.
    pub(super) fn imports(&self) -> Imports {
        let mut imports = Imports::new();
        for (path, module) in &self.modules {
            let imported = imports.entry(self.name(&module.file)).or_default();
            for used in &module.used {
                let target = match self.resolve(path, used) {
                    // A name alone is a variable, not the module of this name.
                    Some(Target::Module(target)) if used.len() > 1 => target,
                    Some(Target::ItemOf(target)) => target,
                    _ => continue,
                };
                let target = &self.modules[&target].file;
                if *target != module.file {
                    imported.entry(self.name(target)).or_insert(used.join("::"));
                }
            }
        }
        imports
    }

    /// Returns the path of a file in the folder of the sources.
    fn name(&self, file: &Path) -> String {
        let name = file.strip_prefix(&self.sources).unwrap_or(file);
        name.display().to_string()
    }

    fn read_file(&mut self, file: &Path, folder: &Path, path: Segments) {
        let text =
            fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed =
            syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.read_module(file, folder, path, parsed.items);
    }

    fn read_module(&mut self, file: &Path, folder: &Path, path: Segments, items: Vec<Item>) {
        let mut module = Module {
            file: file.to_owned(),
            ..Module::default()
        };
        for item in items {
            match item {
                Item::Mod(item) if is_for_tests(&item.attrs) => {}
                Item::Use(item) if is_for_tests(&item.attrs) => {}
                Item::Mod(child) => {
                    let name = child.ident.to_string();
                    module.children.insert(name.clone());
                    let folder = folder.join(&name);
                    let path = [&path[..], &[name]].concat();
                    match child.content {
                        Some((_, items)) => self.read_module(file, &folder, path, items),
                        None => self.read_file(&module_file(&folder), &folder, path),
                    }
                }
                Item::Use(item) => module.add_use(&item.tree, Vec::new()),
                item => {
                    module.items.extend(item_name(&item).map(Ident::to_string));
                    add_paths(item.to_token_stream(), &[], &mut module.used);
                }
            }
        }
        self.modules.insert(path, module);
    }

    /// Returns the module that a path leads to, or the one that defines the item. `None` is another
    /// package, a local name, or a type.
    fn resolve(&self, module: &[String], path: &[String]) -> Option<Target> {
        let mut current = module.to_vec();
        let mut rest = path;
        match path[0].as_str() {
            "crate" => current.clear(),
            "self" => {}
            "super" => {
                current.pop()?;
            }
            first => {
                let module = &self.modules[&current];
                // In `use quote::quote`, the first name is that of a package.
                let imported = module.names.get(first).filter(|path| path[0] != first);
                let is_known = module.children.contains(first) || imported.is_some();
                return is_known.then(|| self.resolve_in(current, path))?;
            }
        }
        rest = &rest[1..];
        while rest.first().is_some_and(|segment| segment == "super") {
            current.pop()?;
            rest = &rest[1..];
        }
        self.resolve_in(current, rest)
    }

    fn resolve_in(&self, mut current: Segments, path: &[String]) -> Option<Target> {
        for (index, segment) in path.iter().enumerate() {
            let module = &self.modules[&current];
            if module.children.contains(segment) {
                current.push(segment.clone());
            } else if module.items.contains(segment) {
                return Some(Target::ItemOf(current));
            } else if let Some(imported) = module.names.get(segment) {
                // A name that is imported from another package has the path of that package.
                return match self.resolve(&current, imported)? {
                    Target::Module(module) => self.resolve_in(module, &path[index + 1..]),
                    item @ Target::ItemOf(_) => Some(item),
                };
            } else {
                let found = module.globs.iter().find_map(|glob| {
                    let Target::Module(module) = self.resolve(&current, glob)? else {
                        return None;
                    };
                    let is_known = self.modules[&module].items.contains(segment);
                    is_known.then_some(module)
                });
                return Some(Target::ItemOf(found.unwrap_or(current)));
            }
        }
        Some(Target::Module(current))
    }
}

impl Module {
    fn add_use(&mut self, tree: &UseTree, mut prefix: Segments) {
        match tree {
            UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.add_use(&path.tree, prefix);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_use(tree, prefix.clone());
                }
            }
            UseTree::Glob(_) => {
                self.globs.push(prefix.clone());
                prefix.push("*".to_owned());
                self.used.insert(prefix);
            }
            UseTree::Name(name) => self.add_name(&name.ident, &name.ident, prefix),
            UseTree::Rename(name) => self.add_name(&name.ident, &name.rename, prefix),
        }
    }

    fn add_name(&mut self, imported: &Ident, name: &Ident, mut path: Segments) {
        let mut name = name.to_string();
        if imported != "self" {
            path.push(imported.to_string());
        } else if name == "self" {
            name.clone_from(&path[path.len() - 1]);
        }
        self.names.insert(name, path.clone());
        self.used.insert(path);
    }
}

/// Adds all paths of the code, including single names. Each begins with `prefix`.
fn add_paths(code: TokenStream, prefix: &[String], paths: &mut BTreeSet<Segments>) {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let mut path = prefix.to_vec();
    for (index, token) in tokens.iter().enumerate() {
        let is_continued = is_separator(&tokens[index + 1..]);
        match token {
            TokenTree::Ident(ident) => path.push(ident.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == ':' => continue,
            TokenTree::Group(_) if contains_no_imports(&tokens[..index]) => {}
            TokenTree::Group(group) => {
                // `use a::{b, c}` in a function.
                let is_tree = group.delimiter() == Delimiter::Brace;
                let prefix = if is_tree { &path } else { prefix };
                add_paths(group.stream(), prefix, paths);
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        if !is_continued {
            if path.len() > prefix.len() {
                paths.insert(path);
            }
            path = prefix.to_vec();
        }
    }
}

/// Returns whether the group after these tokens is a visibility, as in `pub(super)`, or generated
/// code.
fn contains_no_imports(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(last)] => last == "pub",
        [.., TokenTree::Ident(name), TokenTree::Punct(_)] => name == "quote",
        _ => false,
    }
}

/// Returns whether the tokens begin with `::`.
fn is_separator(tokens: &[TokenTree]) -> bool {
    let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ':');
    matches!(tokens, [first, second, ..] if is_colon(first) && is_colon(second))
}

fn item_name(item: &Item) -> Option<&Ident> {
    Some(match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    })
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.to_token_stream().to_string().contains("test")
    })
}

/// Returns the file of a module whose children are in `folder`.
fn module_file(folder: &Path) -> PathBuf {
    let file = folder.with_extension("rs");
    if file.exists() {
        file
    } else {
        folder.join("mod.rs")
    }
}
