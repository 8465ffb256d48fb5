//! `lib.strings`: functions on strings.

mod affixes;
mod build_flags;
mod coercion;
mod distances;
mod escaping;
mod joining;
mod letters;
mod numbers;
mod search_paths;
mod splitting;
mod trimming;
mod versions;

pub(super) use affixes::{file_contents, has_suffix};
pub(super) use distances::at_most;
pub(super) use escaping::{shell_args, xml_escaped};
pub(super) use joining::join;
pub(super) use numbers::float_to_string;
pub(super) use search_paths::search_path_of;
pub(super) use versions::{get_name, is_older};

use crate::native::{Entry, Table, alias, builtin, computed, function, pattern};

/// `lib.strings`
pub static TABLE: Table = Table { namespace: "strings", entries: ENTRIES };

const ENTRIES: &[Entry] = &[
    builtin("appendContext").top(),
    builtin("compareVersions"),
    builtin("concatMap"),
    builtin("concatStringsSep").top(),
    builtin("elem"),
    builtin("elemAt"),
    builtin("filter"),
    builtin("fromJSON"),
    builtin("genList"),
    builtin("head"),
    builtin("isAttrs"),
    builtin("isInt"),
    builtin("isList"),
    builtin("isPath"),
    builtin("isString").top(),
    builtin("match").top(),
    builtin("parseDrvName"),
    builtin("readFile"),
    builtin("replaceStrings").top(),
    builtin("split").top(),
    builtin("stringLength").top(),
    builtin("substring").top(),
    builtin("tail"),
    builtin("toJSON"),
    builtin("typeOf").top(),
    builtin("unsafeDiscardStringContext").top(),
    alias("join", "concatStringsSep").top(),
    computed("storeDir", |ev| Ok(ev.mem.str(&ev.settings.store_dir)?)),
    function("concatStrings", &["list"], joining::concat_strings).top(),
    function("concatMapStrings", &["f", "list"], joining::concat_map_strings).top(),
    function("concatImapStrings", &["f", "list"], joining::concat_imap_strings).top(),
    function("intersperse", &["separator", "list"], joining::intersperse).top(),
    function("concatMapStringsSep", &["sep", "f", "list"], joining::concat_map_strings_sep).top(),
    function("concatImapStringsSep", &["sep", "f", "list"], joining::concat_imap_strings_sep).top(),
    function("concatMapAttrsStringSep", &["sep", "f", "attrs"], joining::concat_map_attrs_string_sep).top(),
    function("concatLines", &["lines"], joining::concat_lines).top(),
    function("replaceString", &["from", "to", "s"], joining::replace_string).top(),
    function("replicate", &["n", "s"], joining::replicate),
    function("trim", &["s"], trimming::trim).top(),
    pattern("trimWith", &["options", "s"], &[trimming::OPTIONS], trimming::trim_with).top(),
    function("makeSearchPath", &["subDir", "paths"], search_paths::make_search_path).top(),
    function("makeSearchPathOutput", &["output", "subDir", "pkgs"], search_paths::make_search_path_output)
        .top(),
    function("makeLibraryPath", &["pkgs"], search_paths::make_library_path).top(),
    function("makeIncludePath", &["pkgs"], search_paths::make_include_path).top(),
    function("makeBinPath", &["pkgs"], search_paths::make_bin_path).top(),
    function("normalizePath", &["s"], affixes::normalize_path),
    function("optionalString", &["cond", "string"], joining::optional_string).top(),
    function("hasPrefix", &["pref", "str"], affixes::has_prefix).top(),
    function("hasSuffix", &["suffix", "content"], affixes::has_suffix_of).top(),
    function("hasInfix", &["infix", "content"], affixes::has_infix).top(),
    function("removePrefix", &["prefix", "str"], affixes::remove_prefix).top(),
    function("removeSuffix", &["suffix", "str"], affixes::remove_suffix).top(),
    computed("lowerChars", |ev| letters::alphabet(ev, b'a')).top(),
    computed("upperChars", |ev| letters::alphabet(ev, b'A')).top(),
    function("toLower", &["s"], letters::to_lower).top(),
    function("toUpper", &["s"], letters::to_upper).top(),
    function("toSentenceCase", &["str"], letters::to_sentence_case).top(),
    function("toCamelCase", &["str"], letters::to_camel_case).top(),
    function("addContextFrom", &["src", "target"], coercion::add_context_from).top(),
    function("isStringLike", &["x"], coercion::is_string_like_value).top(),
    function("fileContents", &["file"], affixes::file_contents_of).top(),
    function("stringToCharacters", &["s"], splitting::string_to_characters).top(),
    function("stringAsChars", &["f", "s"], splitting::string_as_chars).top(),
    function("splitString", &["sep", "s"], splitting::split_string_of).top(),
    function("splitStringBy", &["predicate", "keepSplit", "str"], splitting::split_string_by).top(),
    function("escape", &["list", "string"], escaping::escape).top(),
    function("escapeC", &["list", "string"], escaping::escape_c),
    function("escapeURL", &["string"], escaping::escape_url).top(),
    function("escapeShellArg", &["arg"], escaping::escape_shell_arg).top(),
    function("escapeShellArgs", &["args"], escaping::escape_shell_args).top(),
    function("isValidPosixName", &["name"], escaping::is_valid_posix_name).top(),
    function("toShellVar", &["name", "value"], escaping::to_shell_var).top(),
    function("toShellVars", &["vars"], escaping::to_shell_vars).top(),
    function("escapeNixString", &["s"], escaping::escape_nix_string),
    function("escapeRegex", &["string"], escaping::escape_regex).top(),
    function("escapeNixIdentifier", &["s"], escaping::escape_nix_identifier),
    function("escapeXML", &["string"], escaping::escape_xml).top(),
    function("charToInt", &["c"], numbers::char_to_int),
    function("fixedWidthString", &["width", "filler", "str"], numbers::fixed_width_string_of).top(),
    function("fixedWidthNumber", &["width", "n"], numbers::fixed_width_number).top(),
    function("floatToString", &["float"], numbers::float_to_string_of),
    function("toInt", &["str"], numbers::to_int).top(),
    function("toIntBase10", &["str"], numbers::to_int_base10).top(),
    function("levenshtein", &["a", "b"], distances::levenshtein),
    function("levenshteinAtMost", &["k", "a", "b"], distances::levenshtein_at_most),
    function("commonPrefixLength", &["a", "b"], distances::common_prefix_length),
    function("commonSuffixLength", &["a", "b"], distances::common_suffix_length),
    function("isConvertibleWithToString", &["x"], coercion::is_convertible_with_to_string),
    function("isStorePath", &["x"], coercion::is_store_path_value).top(),
    function("versionOlder", &["v1", "v2"], versions::version_older).top(),
    function("versionAtLeast", &["v1", "v2"], versions::version_at_least).top(),
    function("getName", &["x"], versions::get_name_of).top(),
    function("getVersion", &["x"], versions::get_version).top(),
    function("nameFromURL", &["url", "sep"], versions::name_from_url).top(),
    function("cmakeOptionType", &["type", "feature", "value"], build_flags::cmake_option_type).top(),
    function("cmakeBool", &["condition", "flag"], build_flags::cmake_bool).top(),
    function("cmakeFeature", &["feature", "value"], build_flags::cmake_feature).top(),
    function("mesonOption", &["feature", "value"], build_flags::meson_option).top(),
    function("mesonBool", &["condition", "flag"], build_flags::meson_bool).top(),
    function("mesonEnable", &["feature", "flag"], build_flags::meson_enable).top(),
    function("enableFeature", &["flag", "feature"], build_flags::enable_feature).top(),
    function("enableFeatureAs", &["flag", "feature", "value"], build_flags::enable_feature_as).top(),
    function("withFeature", &["flag", "feature"], build_flags::with_feature).top(),
    function("withFeatureAs", &["flag", "feature", "value"], build_flags::with_feature_as).top(),
    function("sanitizeDerivationName", &["string"], coercion::sanitize_derivation_name),
];
