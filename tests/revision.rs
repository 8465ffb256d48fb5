//! Files of a commit in place of those of the work tree: the same answers as a checkout gives.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the test makes repositories, and says when it cannot"
)]

mod repository;
mod scratch;

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;

use nival::Session;
use nival::internal::{AtRevision, FileType, Host, RealHost, Snapshot, changed_between};
use repository::git;
use scratch::Scratch;

/// Writes a file, and makes the folders around it.
fn write(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    std::fs::write(file, text).expect("a file");
}

fn executable(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).expect("permissions");
}

/// A repository `repo` with one commit, and links into and out of it. `None` without git.
fn repository(name: &str) -> Option<Scratch> {
    let scratch = Scratch::new(name);
    let (repo, outside) = (scratch.join("repo"), scratch.join("outside"));
    write(&outside, "file.nix", "\"outside\"");
    write(&outside, "folder/deep.nix", "3");
    write(&repo, "default.nix", "import ./sub + import ./to-file.nix\n");
    write(&repo, "sub/default.nix", "1");
    write(&repo, "sub/deep/value.nix", "2");
    write(&repo, "sub-a.txt", "sorts before the folder's contents");
    write(&repo, "sub.txt", "text");
    write(&repo, "run.sh", "#!/bin/sh\n");
    executable(&repo.join("run.sh"));
    for (target, link) in [
        ("sub/deep/value.nix", "repo/to-file.nix"),
        ("sub", "repo/to-folder"),
        ("../../sub/deep/../../run.sh", "repo/sub/deep/up"),
        ("sub/deep/up/../run.sh", "repo/through-a-file"),
        ("missing/../run.sh", "repo/through-nothing"),
        ("../outside", "repo/out"),
        ("../outside/back/deep", "repo/out-and-in"),
        ("nowhere", "repo/dangling"),
        ("circle", "repo/circle"),
        ("../repo/sub", "outside/back"),
        ("../repo/sub/deep/value.nix", "outside/back.nix"),
        ("repo", "alias"),
    ] {
        symlink(target, scratch.join(link)).expect("a link");
    }
    if !git(&repo, "init -q") {
        return None;
    }
    git(&repo, "add -A");
    git(&repo, "commit -qm first");
    git(&repo, "tag -a v1 -m one");
    Some(scratch)
}

/// Changes everything in the work tree, and commits a part of that.
fn change(scratch: &Path) {
    let repo = scratch.join("repo");
    for file in ["to-file.nix", "to-folder", "out", "run.sh", "sub/deep/value.nix", "dangling", "sub.txt"] {
        std::fs::remove_file(repo.join(file)).expect("the file");
    }
    write(&repo, "sub/default.nix", "\"changed\"");
    write(&repo, "to-folder/other.nix", "4");
    write(&repo, "out", "a file");
    symlink("sub", repo.join("run.sh")).expect("a link");
    git(&repo, "add -A");
    git(&repo, "commit -qm second");
    std::fs::remove_dir_all(repo.join("sub")).expect("the folder");
    write(&repo, "sub", "a file");
    write(&repo, "untracked.nix", "5");
}

/// Paths of all kinds.
fn paths(scratch: &Path) -> Vec<Vec<u8>> {
    let words = "
        repo repo/default.nix repo/sub repo/sub/default.nix repo/sub/deep repo/sub/deep/value.nix repo/sub-a.txt
        repo/run.sh repo/to-file.nix repo/to-folder repo/to-folder/deep/value.nix repo/to-folder/none repo/sub/deep/up
        repo/through-a-file repo/through-nothing repo/out repo/out/file.nix repo/out/folder repo/out/none
        repo/out/back/default.nix repo/out-and-in repo/out-and-in/value.nix repo/dangling repo/dangling/x repo/circle
        repo/circle/x repo/none repo/none/x repo/default.nix/x repo/untracked.nix repo/sub.txt outside outside/back
        outside/back/deep/value.nix outside/back.nix outside/back/none outside/none outside/folder/deep.nix alias
        alias/sub alias/sub/deep/value.nix alias/to-folder/default.nix alias/out/file.nix alias/circle alias/none/x none
        none/x";
    words.split_whitespace().map(|path| bytes(&scratch.join(path))).collect()
}

fn bytes(path: &Path) -> Vec<u8> {
    path.to_str().expect("UTF-8").as_bytes().to_vec()
}

/// Everything that a host says about some paths.
fn answers(host: &dyn Host, paths: &[Vec<u8>]) -> BTreeMap<String, String> {
    let mut said = BTreeMap::new();
    for path in paths {
        let mut note = |what: &str, answer: String| {
            said.insert(format!("{what} {}", String::from_utf8_lossy(path)), answer);
        };
        note("read_file", format!("{:?}", host.read_file(path).map(String::from_utf8)));
        note("fetch_file", format!("{:?}", host.fetch_file(path).map(String::from_utf8)));
        note("file_type", format!("{:?}", host.file_type(path)));
        note("read_dir", format!("{:?}", host.read_dir(path)));
        note("resolve", format!("{:?}", host.resolve(path).map(String::from_utf8)));
        let mut stat = host.stat(path);
        if let Ok(stat) = &mut stat
            && stat.kind == FileType::Directory
        {
            (stat.size, stat.executable) = (0, false);
        }
        if let Ok(stat) = &mut stat
            && stat.kind == FileType::Symlink
        {
            stat.executable = false;
        }
        note("stat", format!("{stat:?}"));
        if let Some(reader) = host.prefetch_reader() {
            note("code", format!("{:?}", (reader.code)(path)));
        }
    }
    said
}

fn assert_same(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) {
    let wrong: Vec<String> = old
        .iter()
        .filter(|(question, answer)| new.get(*question) != Some(answer))
        .map(|(question, answer)| format!("{question}:\n  {answer}\n  {:?}", new.get(question)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn at(path: &Path, revision: &str) -> AtRevision<RealHost> {
    AtRevision::new(RealHost::new(), Arc::new(Snapshot::open(path, revision).expect("the revision")))
}

#[test]
fn a_commit_answers_as_its_checkout() {
    let Some(scratch) = repository("revision") else { return };
    let repo = scratch.join("repo");
    let paths = paths(&scratch);
    let before = answers(&RealHost::new(), &paths);
    assert_same(&before, &answers(&at(&repo, "HEAD"), &paths));
    change(&scratch);
    // Loose objects, then packed ones.
    for pack in [false, true] {
        if pack {
            git(&repo, "gc -q");
        }
        for revision in ["HEAD^", "main~1", "v1", "v1^{commit}", "HEAD@{1}"] {
            assert_same(&before, &answers(&at(&repo, revision), &paths));
        }
        // Any path in the work tree will do, also one that is gone, or that leads there.
        for path in ["repo/sub/deep", "repo/sub/deep/value.nix", "alias", "alias/sub/none"] {
            assert_same(&before, &answers(&at(&scratch.join(path), "v1"), &paths));
        }
    }
    let snapshot = Snapshot::open(&repo, "v1").expect("the tag");
    assert_eq!(snapshot.root(), repo);
    assert_same(&before, &answers(&at(&repo, &snapshot.commit()[..7]), &paths));
}

#[test]
fn clones_worktrees_and_bare_repositories() {
    let Some(scratch) = repository("revision-clones") else { return };
    let repo = scratch.join("repo");
    let git_file = bytes(&repo.join(".git"));
    assert_eq!(at(&repo, "HEAD").file_type(&git_file), Ok(Some(FileType::Directory)), "the work tree's own");
    change(&scratch);
    git(&repo, "clone -q --shared . ../shared");
    git(&repo, "clone -q --bare . ../bare.git");
    git(&repo, "worktree add -q --detach ../linked");
    for (name, has_git) in [("shared", true), ("bare.git", false), ("linked", true)] {
        let root = scratch.join(name);
        let host = at(&root, "v1");
        let read = |file: &str| {
            host.read_file(&bytes(&root.join(file))).map(|text| String::from_utf8(text).expect("text"))
        };
        assert_eq!(read("sub/default.nix"), Ok("1".to_owned()), "{name}");
        assert_eq!(read("to-folder/deep/value.nix"), Ok("2".to_owned()), "{name}");
        let names = host.read_dir(&bytes(&root)).expect("a folder");
        assert_eq!(names.iter().any(|(name, _)| name == b".git"), has_git, "{name}");
        assert!(!names.iter().any(|(name, _)| name == b"HEAD"), "{name}");
    }
}

#[test]
fn submodules_are_empty_folders() {
    let Some(scratch) = repository("revision-submodules") else { return };
    let outer = scratch.join("outer");
    write(&outer, "file", "text");
    git(&outer, "init -q");
    git(&outer, "submodule --quiet add ../repo inner");
    git(&outer, "add -A");
    git(&outer, "commit -qm first");
    let host = at(&outer, "HEAD");
    let inner = bytes(&outer.join("inner"));
    assert_eq!(host.file_type(&inner), Ok(Some(FileType::Directory)));
    assert_eq!(host.read_dir(&inner), Ok(Vec::new()));
    assert_eq!(host.file_type(&[&inner[..], b"/default.nix"].concat()), Ok(None));
    let head = Snapshot::open(&outer, "HEAD").expect("the commit");
    assert_eq!(changed_between(&head, None), Ok(Vec::new()));
    write(&outer.join("inner"), "new", "text");
    git(&outer.join("inner"), "add -A");
    git(&outer.join("inner"), "commit -qm second");
    assert_eq!(changed_between(&head, None), Ok(vec![inner]));
}

#[test]
fn expressions_see_the_commit() {
    let Some(scratch) = repository("revision-expressions") else { return };
    let repo = scratch.join("repo");
    let text = "{
        value = import ./repo + import ./outside/back.nix;
        paths = map (name: toString (builtins.path { path = ./repo + name; name = \"x\"; }))
          [ \"/sub\" \"/run.sh\" \"/to-folder\" \"/default.nix\" ];
        filtered = toString (builtins.filterSource (path: type: type != \"symlink\" && baseNameOf path != \".git\") ./repo);
        hash = builtins.hashFile \"sha256\" ./repo/to-file.nix;
        exist = map builtins.pathExists [ ./repo/sub ./repo/none ./repo/dangling ./repo/out/file.nix ./repo/untracked.nix ];
        names = removeAttrs (builtins.readDir ./repo) [ \".git\" ];
        type = builtins.readFileType ./repo/to-folder;
    }";
    let evaluate = |host: Box<dyn Host + Send>| {
        let session = Session::builder().host(|| host).open().expect("a session");
        session.evaluate(text, &*scratch).expect("a value").print().expect("its text")
    };
    let before = evaluate(Box::new(RealHost::new()));
    assert!(before.contains("value = 5;"), "{before}");
    assert_eq!(evaluate(Box::new(at(&repo, "HEAD"))), before);
    change(&scratch);
    assert_eq!(evaluate(Box::new(at(&repo, "HEAD~"))), before);
}

#[test]
fn wrong_revisions_have_clear_errors() {
    let Some(scratch) = repository("revision-errors") else { return };
    let repo = scratch.join("repo");
    git(&repo, "branch release-26.05");
    git(&repo, "branch release-26.11");
    let error = |path: &Path, revision: &str| {
        let error = Snapshot::open(path, revision).err().expect("an error");
        error.replace(scratch.to_str().expect("UTF-8"), "$S")
    };
    let unknown = "the git repository '$S/repo' has no revision ";
    assert_eq!(error(&repo, "mian"), format!("{unknown}'mian'; did you mean 'main'?"));
    let near = "'release-26.05' or 'release-26.11'";
    assert_eq!(error(&repo, "release-26.5~1"), format!("{unknown}'release-26.5~1'; did you mean {near}?"));
    assert_eq!(error(&repo, "something-else"), format!("{unknown}'something-else'"));
    for revision in ["main~9", "0123456", "", "main..v1", ":/text", "-x"] {
        let e = error(&repo, revision);
        println!("{e}");
        assert!(e.starts_with(&format!("{unknown}'{revision}': ")) && !e.contains("did you mean"), "{e}");
    }
    let tree = error(&repo, "main:sub");
    assert_eq!(tree, "revision 'main:sub' of the git repository '$S/repo' is a tree, but must be a commit");
    assert_eq!(error(&scratch.join("outside"), "HEAD"), "'$S/outside' is not in a git repository");
    let empty = scratch.join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    git(&empty, "init -q");
    let nothing = "the git repository '$S/empty' has no revision 'HEAD': nothing has been committed yet";
    assert_eq!(error(&empty, "HEAD"), nothing);
}

#[test]
fn changed_files_between_commits_and_the_work_tree() {
    let Some(scratch) = repository("revision-changed") else { return };
    let repo = scratch.join("repo");
    let open = |revision: &str| Snapshot::open(&repo, revision).expect("the revision");
    let names = |changed: Result<Vec<Vec<u8>>, String>| -> Vec<String> {
        let root = format!("{}/", repo.display());
        let text = |path: Vec<u8>| String::from_utf8(path).expect("UTF-8");
        changed.expect("files").into_iter().map(|path| text(path).replace(&root, "")).collect()
    };
    assert_eq!(names(changed_between(&open("HEAD"), None)), [""; 0]);
    // Touched files are the same; others may have the same time and length.
    write(&repo, "sub.txt", "text");
    write(&repo, "default.nix", "import ./sub + import ./to-file.nix \n");
    assert_eq!(names(changed_between(&open("HEAD"), None)), ["default.nix"]);
    change(&scratch);
    let committed = [
        "dangling",
        "default.nix",
        "out",
        "run.sh",
        "sub.txt",
        "sub/deep/value.nix",
        "sub/default.nix",
        "to-file.nix",
        "to-folder",
        "to-folder/other.nix",
    ];
    assert_eq!(names(changed_between(&open("v1"), Some(&open("main")))), committed);
    assert_eq!(names(changed_between(&open("main"), Some(&open("v1")))), committed);
    assert_eq!(names(changed_between(&open("main"), Some(&open("HEAD")))), [""; 0]);
    // In the work tree, `sub` has become a file.
    let work = ["sub", "sub/deep/up", "sub/default.nix", "untracked.nix"];
    assert_eq!(names(changed_between(&open("HEAD"), None)), work);
    write(&repo, ".gitignore", "*.log\nresult/\n/build\n");
    write(&repo, "build/x", "");
    write(&repo, "result/x", "");
    write(&repo, "new/a.log", "");
    write(&repo, "new/b", "");
    write(&repo, "to-folder/forced.log", "");
    git(&repo, "add -f to-folder/forced.log");
    git(&repo, "clone -q . nested");
    executable(&repo.join("sub-a.txt"));
    let more = [
        ".gitignore",
        "nested",
        "new/b",
        "sub",
        "sub-a.txt",
        "sub/deep/up",
        "sub/default.nix",
        "to-folder/forced.log",
        "untracked.nix",
    ];
    assert_eq!(names(changed_between(&open("HEAD"), None)), more);
    git(&repo, "clone -q --bare . ../bare.git");
    let bare = Snapshot::open(scratch.join("bare.git"), "HEAD").expect("the commit");
    assert!(changed_between(&bare, None).is_err_and(|e| e.ends_with("is bare: it has no work tree")));
}
