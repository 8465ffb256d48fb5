#ifndef NIVAL_H
#define NIVAL_H

/* Made by cbindgen from src/ffi; see docs/c-api.md. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The kind of an error.
typedef enum nival_error_kind {
  // `throw`; `tryEval` catches it.
  NIVAL_ERROR_THROW = 1,
  // A failed `assert`.
  NIVAL_ERROR_ASSERTION,
  // `abort`.
  NIVAL_ERROR_ABORT,
  // A value of the wrong type.
  NIVAL_ERROR_TYPE,
  // A value depends on itself.
  NIVAL_ERROR_INFINITE_RECURSION,
  // Calls are nested too deep.
  NIVAL_ERROR_STACK_OVERFLOW,
  // The text is not an expression.
  NIVAL_ERROR_PARSE,
  // An error of the file system or the environment.
  NIVAL_ERROR_SYSTEM,
  // A limit is reached, or memory is exhausted.
  NIVAL_ERROR_LIMIT,
  // Forbidden in pure or restricted evaluation.
  NIVAL_ERROR_RESTRICTED,
  // The interface is used in a wrong way: a null handle, text that is not UTF-8, a value of another session.
  NIVAL_ERROR_USAGE,
  // Contents do not have the expected hash.
  NIVAL_ERROR_HASH_MISMATCH,
  // Anything else.
  NIVAL_ERROR_EVALUATION,
} nival_error_kind;

// What becomes of a definition.
typedef enum nival_outcome {
  // There is no such definition.
  NIVAL_OUTCOME_NONE = 0,
  // It is part of the value.
  NIVAL_OUTCOME_WINS,
  // A definition with a better priority wins.
  NIVAL_OUTCOME_LOST,
  // A condition does not hold.
  NIVAL_OUTCOME_OFF,
  // It cannot be evaluated.
  NIVAL_OUTCOME_FAILED,
} nival_outcome;

// The kind of a value.
typedef enum nival_value_kind {
  // There is none: the value cannot be evaluated.
  NIVAL_VALUE_NONE = 0,
  // An integer.
  NIVAL_VALUE_INT,
  // A floating-point number.
  NIVAL_VALUE_FLOAT,
  // `true` or `false`
  NIVAL_VALUE_BOOL,
  // A string.
  NIVAL_VALUE_STRING,
  // A path.
  NIVAL_VALUE_PATH,
  // `null`
  NIVAL_VALUE_NULL,
  // An attribute set.
  NIVAL_VALUE_SET,
  // A list.
  NIVAL_VALUE_LIST,
  // A function.
  NIVAL_VALUE_LAMBDA,
} nival_value_kind;

// Where undeclared options may be defined.
typedef enum nival_undeclared {
  // Nowhere, as in NixOS.
  NIVAL_UNDECLARED_REFUSED = 0,
  // In modules; in fixtures it is an error.
  NIVAL_UNDECLARED_IN_MODULES,
  // In modules and fixtures.
  NIVAL_UNDECLARED_EVERYWHERE,
} nival_undeclared;

// Configures a session. `nival_builder_open` makes one; `nival_builder_free` frees the builder.
typedef struct nival_builder nival_builder;

// What differs between two configurations. `nival_comparison_free` frees it.
typedef struct nival_comparison nival_comparison;

// A configuration. `nival_configuration_free` frees it.
typedef struct nival_configuration nival_configuration;

// Options and the edges between them; the first is the one that was asked about. `nival_dependencies_free` frees them.
typedef struct nival_dependencies nival_dependencies;

// An error. `nival_error_free` frees it.
typedef struct nival_error nival_error;

// A value with `options` and `config`. `nival_evaluated_free` frees it.
typedef struct nival_evaluated nival_evaluated;

// A configuration in a flake. `nival_flake_free` frees it.
typedef struct nival_flake nival_flake;

// Modules and fixtures. `nival_modules_free` frees them.
typedef struct nival_modules nival_modules;

// A NixOS configuration and its nixpkgs. `nival_nixos_free` frees it.
typedef struct nival_nixos nival_nixos;

// An option. `nival_option_free` frees it, unless it belongs to a list.
typedef struct nival_option nival_option;

// A list of options. `nival_options_free` frees it, with its options.
typedef struct nival_options nival_options;

// One evaluation. `nival_session_free` frees it; values and configurations keep what they need of it.
typedef struct nival_session nival_session;

// A text that the caller owns. `nival_text_free` frees it.
typedef struct nival_text nival_text;

// A list of texts that the caller owns. `nival_texts_free` frees it.
typedef struct nival_texts nival_texts;

// A value of a session, possibly not evaluated yet. `nival_value_free` frees it.
typedef struct nival_value nival_value;

// A text that belongs to a handle, and is valid as long as that. It does not end in a zero byte.
typedef struct nival_view {
  // The first byte; null if there is no text.
  const char *data;
  // The number of bytes.
  size_t length;
} nival_view;

// Receives a line that the evaluation prints, on the session's thread. It must not use the session.
typedef void (*nival_message_callback)(struct nival_view line, void *user_data);

// Receives the path and the contents of a derivation, on the session's thread. It must not use the session.
typedef void (*nival_derivation_callback)(struct nival_view path, struct nival_view contents, void *user_data);

// A place in a file.
typedef struct nival_place {
  // The file's path, or a name as nixpkgs gives it; empty if there is no place.
  struct nival_view file;
  // The line, from 1; 0 if it is not known.
  uint32_t line;
  // The column in bytes, from 1; 0 if it is not known.
  uint32_t column;
} nival_place;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Begins to configure a session that is like one of `nival_session_new`.
struct nival_builder *nival_builder_new(void);

// Frees a builder; null is allowed.
void nival_builder_free(struct nival_builder *builder);

// Opens the session, which takes what the builder has.
struct nival_session *nival_builder_open(struct nival_builder *builder, struct nival_error **error);

// Sets the platform that `builtins.currentSystem` names.
bool nival_builder_set_system(struct nival_builder *builder,
                              const char *system,
                              size_t length,
                              struct nival_error **error);

// Sets the folder at which relative paths begin, and relative to which comparisons name files.
bool nival_builder_set_folder(struct nival_builder *builder,
                              const char *folder,
                              size_t length,
                              struct nival_error **error);

// Adds an entry to the search path.
bool nival_builder_add_search_path(struct nival_builder *builder,
                                   const char *prefix,
                                   size_t prefix_length,
                                   const char *folder,
                                   size_t folder_length,
                                   struct nival_error **error);

// Whether the evaluation is pure (`pure-eval`).
bool nival_builder_set_pure(struct nival_builder *builder, bool pure_evaluation, struct nival_error **error);

// Whether only the files of the search path may be read (`restrict-eval`).
bool nival_builder_set_restricted(struct nival_builder *builder, bool restricted, struct nival_error **error);

// Enables flakes.
bool nival_builder_enable_flakes(struct nival_builder *builder, struct nival_error **error);

// Adds a folder with store objects.
bool nival_builder_add_store(struct nival_builder *builder,
                             const char *folder,
                             size_t length,
                             struct nival_error **error);

// Says where the contents of a URL are, because nothing is fetched.
bool nival_builder_add_fetched(struct nival_builder *builder,
                               const char *url,
                               size_t url_length,
                               const char *file,
                               size_t file_length,
                               struct nival_error **error);

// Sets how deep calls may be nested (`max-call-depth`).
bool nival_builder_set_max_call_depth(struct nival_builder *builder,
                                      size_t depth,
                                      struct nival_error **error);

// Reads the files of a git repository, which a path is in, as they are in a revision.
bool nival_builder_set_revision(struct nival_builder *builder,
                                const char *repository,
                                size_t repository_length,
                                const char *revision,
                                size_t revision_length,
                                struct nival_error **error);

// Whether the evaluation of configurations notes which options a value was computed from. It does if nothing else is said.
bool nival_builder_set_dependencies(struct nival_builder *builder,
                                    bool dependencies,
                                    struct nival_error **error);

// Uses the code cache, and extends it when the session ends.
bool nival_builder_use_code_cache(struct nival_builder *builder, struct nival_error **error);

// Passes the lines that the evaluation prints to a callback. Without it, they go to standard error.
bool nival_builder_on_message(struct nival_builder *builder,
                              nival_message_callback callback,
                              void *user_data,
                              struct nival_error **error);

// Passes each derivation that the evaluation makes to a callback.
bool nival_builder_on_derivation(struct nival_builder *builder,
                                 nival_derivation_callback callback,
                                 void *user_data,
                                 struct nival_error **error);

// Frees a comparison; null is allowed.
void nival_comparison_free(struct nival_comparison *comparison);

// Everything as JSON: the format of `nival diff --json`, which `docs/diff-json.md` describes.
struct nival_text *nival_comparison_to_json(const struct nival_comparison *comparison,
                                            struct nival_error **error);

// The number of changes, which are in the order of their options.
size_t nival_comparison_count(const struct nival_comparison *comparison);

// The path of the option that a change is in, as nixpkgs shows it.
struct nival_view nival_change_get_name(const struct nival_comparison *comparison, size_t index);

// What differs, by the word that `docs/diff-json.md` has for it (`value`, `added`, `error`).
struct nival_view nival_change_get_kind(const struct nival_comparison *comparison, size_t index);

// What it was, as JSON; null if there was nothing.
struct nival_text *nival_change_old_to_json(const struct nival_comparison *comparison,
                                            size_t index,
                                            struct nival_error **error);

// What it is now, as JSON; null if there is nothing.
struct nival_text *nival_change_new_to_json(const struct nival_comparison *comparison,
                                            size_t index,
                                            struct nival_error **error);

// The number of changed options that the option was computed from.
size_t nival_change_count_follows(const struct nival_comparison *comparison, size_t index);

// A changed option that the option was computed from, counted from 0.
struct nival_view nival_change_get_follows(const struct nival_comparison *comparison,
                                           size_t index,
                                           size_t follows);

// The number of changed texts that make the option differ.
size_t nival_change_count_causes(const struct nival_comparison *comparison, size_t index);

// Where such a text is, counted from 0: in the new configuration, unless it is gone there.
struct nival_place nival_cause_get_place(const struct nival_comparison *comparison,
                                         size_t index,
                                         size_t number);

// What such a text is: `definition`, `condition`, `declaration` or `lines`.
struct nival_view nival_cause_get_kind(const struct nival_comparison *comparison,
                                       size_t index,
                                       size_t number);

// Whether such a text is gone, so that its place is in the old configuration.
bool nival_cause_is_gone(const struct nival_comparison *comparison, size_t index, size_t number);

// The old text; null if there was none.
struct nival_view nival_cause_get_old(const struct nival_comparison *comparison, size_t index, size_t number);

// The new text; null if there is none.
struct nival_view nival_cause_get_new(const struct nival_comparison *comparison, size_t index, size_t number);

// Frees a configuration; null is allowed.
void nival_configuration_free(struct nival_configuration *configuration);

// The set of all option values, evaluated lazily.
struct nival_value *nival_configuration_get_values(const struct nival_configuration *configuration,
                                                   struct nival_error **error);

// The values of some options or option sets as JSON, or of all options if no paths are given. A value that fails becomes
// `{"_nival": …, "at": …, "message": …}`.
struct nival_text *nival_configuration_to_json(const struct nival_configuration *configuration,
                                               const struct nival_view *paths,
                                               size_t count,
                                               struct nival_error **error);

// Everything about an option, or about a part of an option's value.
struct nival_option *nival_configuration_get_option(const struct nival_configuration *configuration,
                                                    const char *path,
                                                    size_t length,
                                                    struct nival_error **error);

// All options at and below a path that users see, without their definitions' values and origins.
struct nival_options *nival_configuration_get_options(const struct nival_configuration *configuration,
                                                      const char *below,
                                                      size_t length,
                                                      struct nival_error **error);

// The names of these options. No values are evaluated.
struct nival_texts *nival_configuration_get_option_names(const struct nival_configuration *configuration,
                                                         const char *below,
                                                         size_t length,
                                                         struct nival_error **error);

// The options that a value was computed from, over up to `depth` steps.
struct nival_dependencies *nival_configuration_get_dependencies(const struct nival_configuration *configuration,
                                                                const char *path,
                                                                size_t length,
                                                                size_t depth,
                                                                struct nival_error **error);

// The options that were computed from a value, over up to `depth` steps. The whole configuration is evaluated.
struct nival_dependencies *nival_configuration_get_dependents(const struct nival_configuration *configuration,
                                                              const char *path,
                                                              size_t length,
                                                              size_t depth,
                                                              struct nival_error **error);

// What differs in a newer configuration in the options at and below some paths, or in all options if no paths are given.
struct nival_comparison *nival_configuration_compare(const struct nival_configuration *configuration,
                                                     const struct nival_configuration *newer,
                                                     const struct nival_view *paths,
                                                     size_t count,
                                                     struct nival_error **error);

// Frees dependencies; null is allowed.
void nival_dependencies_free(struct nival_dependencies *dependencies);

// The number of options.
size_t nival_dependencies_count(const struct nival_dependencies *dependencies);

// The path of an option as nixpkgs shows it.
struct nival_view nival_dependencies_get_name(const struct nival_dependencies *dependencies, size_t index);

// The value of an option as JSON, as far as a line shows it.
struct nival_text *nival_dependencies_value_to_json(const struct nival_dependencies *dependencies,
                                                    size_t index,
                                                    struct nival_error **error);

// Where the definition of an option is that counts first. The file is empty if nothing sets the option.
struct nival_place nival_dependencies_get_place(const struct nival_dependencies *dependencies, size_t index);

// The number of options one step further from an option; 0 behind the depth that was asked for.
size_t nival_dependencies_count_next(const struct nival_dependencies *dependencies, size_t index);

// The number of an option one step further, counted from 0.
size_t nival_dependencies_get_next(const struct nival_dependencies *dependencies, size_t index, size_t next);

// The kind of an error.
enum nival_error_kind nival_error_get_kind(const struct nival_error *error);

// Nix's message alone.
struct nival_view nival_error_get_message(const struct nival_error *error);

// The error as Nix prints it; with `trace`, as with `--show-trace`. It need not be UTF-8.
struct nival_view nival_error_get_text(const struct nival_error *error, bool trace);

// Where the error is. The file is empty if it is in no source text.
struct nival_place nival_error_get_place(const struct nival_error *error);

// Frees an error; null is allowed.
void nival_error_free(struct nival_error *error);

// Frees an option; null is allowed.
void nival_option_free(struct nival_option *option);

// The number of options in a list.
size_t nival_options_count(const struct nival_options *options);

// An option in a list, counted from 0. It belongs to the list.
const struct nival_option *nival_options_get(const struct nival_options *options, size_t index);

// Frees a list of options; null is allowed.
void nival_options_free(struct nival_options *options);

// Its path as nixpkgs shows it.
struct nival_view nival_option_get_name(const struct nival_option *option);

// The number of names in its path.
size_t nival_option_count_path(const struct nival_option *option);

// A name in its path, counted from 0.
struct nival_view nival_option_get_path(const struct nival_option *option, size_t index);

// The description of its type; null for a part of a value.
struct nival_view nival_option_get_type_description(const struct nival_option *option);

// The name of its type (`listOf`); null for a part of a value.
struct nival_view nival_option_get_type_name(const struct nival_option *option);

// Its description, in the markup of the declaration; null if it has none.
struct nival_view nival_option_get_description(const struct nival_option *option);

// The message of the error, if its value as a whole cannot be evaluated; null otherwise.
struct nival_view nival_option_get_failure(const struct nival_option *option);

// Whether anything besides its default counts.
bool nival_option_is_set(const struct nival_option *option);

// Whether it may be defined once only.
bool nival_option_is_read_only(const struct nival_option *option);

// Whether its value is another one than its default.
bool nival_option_differs_from_default(const struct nival_option *option);

// The priority of the definitions that count at `out`; whether any does.
bool nival_option_get_priority(const struct nival_option *option, int64_t *out);

// Its value as JSON, as in `docs/option-json.md`.
struct nival_text *nival_option_value_to_json(const struct nival_option *option, struct nival_error **error);

// The default that its declaration documents (`defaultText`); null if it does not.
struct nival_view nival_option_get_default_text(const struct nival_option *option);

// Its default as JSON; null if it has none, or if its declaration documents it.
struct nival_text *nival_option_default_to_json(const struct nival_option *option,
                                                struct nival_error **error);

// Everything about it as JSON: the format of `nival option --json`, which `docs/option-json.md` describes.
struct nival_text *nival_option_to_json(const struct nival_option *option, struct nival_error **error);

// The number of its declarations.
size_t nival_option_count_declarations(const struct nival_option *option);

// Where one of its declarations is, counted from 0.
struct nival_place nival_option_get_declaration(const struct nival_option *option, size_t index);

// The number of its definitions. Those that count come first, in the order in which they are merged.
size_t nival_option_count_definitions(const struct nival_option *option);

// The file of the module that has a definition, as nixpkgs names it.
struct nival_view nival_definition_get_file(const struct nival_option *option, size_t index);

// Where a definition is; it may be in a file that the module imports.
struct nival_place nival_definition_get_place(const struct nival_option *option, size_t index);

// What becomes of a definition.
enum nival_outcome nival_definition_get_outcome(const struct nival_option *option, size_t index);

// The priority of a definition; the lowest number wins.
int64_t nival_definition_get_priority(const struct nival_option *option, size_t index);

// The place of a definition among those that count.
int64_t nival_definition_get_order(const struct nival_option *option, size_t index);

// Whether a definition is the default of the option's declaration.
bool nival_definition_is_default(const struct nival_option *option, size_t index);

// Why a definition has the fate that it has; null if there is nothing to say.
struct nival_text *nival_definition_because(const struct nival_option *option,
                                            size_t index,
                                            struct nival_error **error);

// How a definition is written; null if that is not known.
struct nival_view nival_definition_get_text(const struct nival_option *option, size_t index);

// The value that a definition gives, as JSON; null if it is off, or if the option belongs to a list.
struct nival_text *nival_definition_value_to_json(const struct nival_option *option,
                                                  size_t index,
                                                  struct nival_error **error);

// The version of nival.
struct nival_view nival_version(void);

// Opens a session with Nix's default settings that sees this machine.
struct nival_session *nival_session_new(struct nival_error **error);

// Frees a session; null is allowed.
void nival_session_free(struct nival_session *session);

// Evaluates a text as `nix-instantiate --eval -E` does. Its relative paths start at a folder.
struct nival_value *nival_session_evaluate(const struct nival_session *session,
                                           const char *expression,
                                           size_t expression_length,
                                           const char *folder,
                                           size_t folder_length,
                                           struct nival_error **error);

// Evaluates a file, or the `default.nix` of a folder, as `import` does.
struct nival_value *nival_session_evaluate_file(const struct nival_session *session,
                                                const char *file,
                                                size_t length,
                                                struct nival_error **error);

// nival's native version of nixpkgs' `lib`.
struct nival_value *nival_session_lib(const struct nival_session *session, struct nival_error **error);

// Opens a configuration of modules and fixtures.
struct nival_configuration *nival_session_open_modules(const struct nival_session *session,
                                                       const struct nival_modules *modules,
                                                       struct nival_error **error);

// Opens a NixOS configuration.
struct nival_configuration *nival_session_open_nixos(const struct nival_session *session,
                                                     const struct nival_nixos *nixos,
                                                     struct nival_error **error);

// Opens a value with `options` and `config`.
struct nival_configuration *nival_session_open_evaluated(const struct nival_session *session,
                                                         const struct nival_evaluated *evaluated,
                                                         struct nival_error **error);

// Opens a configuration in a flake.
struct nival_configuration *nival_session_open_flake(const struct nival_session *session,
                                                     const struct nival_flake *flake,
                                                     struct nival_error **error);

// No modules yet, with nival's base modules.
struct nival_modules *nival_modules_new(void);

// Frees modules; null is allowed.
void nival_modules_free(struct nival_modules *modules);

// Adds a module: a file, or a folder with a `default.nix`.
bool nival_modules_add_module(struct nival_modules *modules,
                              const char *file,
                              size_t length,
                              struct nival_error **error);

// Adds a module by its text. Of all modules and fixtures, only one can be given as text.
bool nival_modules_add_module_text(struct nival_modules *modules,
                                   const char *module,
                                   size_t length,
                                   struct nival_error **error);

// Adds a fixture: a NixOS module, or plain data (`.json`).
bool nival_modules_add_fixture(struct nival_modules *modules,
                               const char *file,
                               size_t length,
                               struct nival_error **error);

// Adds a fixture by its text: JSON or a Nix expression. Of all modules and fixtures, only one can be given as text.
bool nival_modules_add_fixture_text(struct nival_modules *modules,
                                    const char *fixture,
                                    size_t length,
                                    struct nival_error **error);

// Adds an argument that the modules get: a Nix expression.
bool nival_modules_add_argument(struct nival_modules *modules,
                                const char *name,
                                size_t name_length,
                                const char *expression,
                                size_t expression_length,
                                struct nival_error **error);

// Adds an argument that the modules get: a string.
bool nival_modules_add_argument_text(struct nival_modules *modules,
                                     const char *name,
                                     size_t name_length,
                                     const char *value,
                                     size_t value_length,
                                     struct nival_error **error);

// Takes the package set from a file.
bool nival_modules_set_packages(struct nival_modules *modules,
                                const char *file,
                                size_t length,
                                struct nival_error **error);

// Interprets a nixpkgs `lib` in place of nival's own.
bool nival_modules_set_lib(struct nival_modules *modules,
                           const char *folder,
                           size_t length,
                           struct nival_error **error);

// Whether nival's own base modules stand in for those of NixOS. They do if nothing else is said.
bool nival_modules_set_base(struct nival_modules *modules, bool base, struct nival_error **error);

// Says where undeclared options may be defined: in modules, if nothing else is said.
bool nival_modules_set_undeclared(struct nival_modules *modules,
                                  uint32_t undeclared,
                                  struct nival_error **error);

// A configuration in a file: a NixOS module, or plain data (`.json`).
struct nival_nixos *nival_nixos_new(const char *file, size_t length, struct nival_error **error);

// A configuration given as text: JSON or a Nix expression.
struct nival_nixos *nival_nixos_of_text(const char *configuration, size_t length, struct nival_error **error);

// Frees a NixOS configuration; null is allowed.
void nival_nixos_free(struct nival_nixos *nixos);

// Sets the folder of nixpkgs; `<nixpkgs>` if nothing else is said.
bool nival_nixos_set_nixpkgs(struct nival_nixos *nixos,
                             const char *folder,
                             size_t length,
                             struct nival_error **error);

// The value of a file.
struct nival_evaluated *nival_evaluated_file(const char *file, size_t length, struct nival_error **error);

// The value of an expression.
struct nival_evaluated *nival_evaluated_expression(const char *expression,
                                                   size_t length,
                                                   struct nival_error **error);

// Frees such a value; null is allowed.
void nival_evaluated_free(struct nival_evaluated *evaluated);

// Names the attribute of the value that has `options` and `config`, by its path.
bool nival_evaluated_set_attribute(struct nival_evaluated *evaluated,
                                   const char *path,
                                   size_t length,
                                   struct nival_error **error);

// A flake reference, with the name of the configuration behind `#`.
struct nival_flake *nival_flake_new(const char *reference, size_t length, struct nival_error **error);

// Frees a flake; null is allowed.
void nival_flake_free(struct nival_flake *flake);

// Replaces an input (`a/b`) by another flake.
bool nival_flake_override_input(struct nival_flake *flake,
                                const char *input,
                                size_t input_length,
                                const char *reference,
                                size_t reference_length,
                                struct nival_error **error);

// Says where the files of an input are.
bool nival_flake_set_input(struct nival_flake *flake,
                           const char *input,
                           size_t input_length,
                           const char *folder,
                           size_t folder_length,
                           struct nival_error **error);

// Reads another lock file in place of the flake's own.
bool nival_flake_set_lock_file(struct nival_flake *flake,
                               const char *file,
                               size_t length,
                               struct nival_error **error);

// Sets the name of the machine, whose configuration is opened if nothing stands behind `#`.
bool nival_flake_set_machine(struct nival_flake *flake,
                             const char *machine,
                             size_t length,
                             struct nival_error **error);

// The bytes of a text. It need not be UTF-8 if it is a string of Nix.
struct nival_view nival_text_view(const struct nival_text *text);

// Frees a text; null is allowed.
void nival_text_free(struct nival_text *text);

// The number of texts in a list.
size_t nival_texts_count(const struct nival_texts *texts);

// A text in a list, counted from 0.
struct nival_view nival_texts_get(const struct nival_texts *texts, size_t index);

// Frees a list of texts; null is allowed.
void nival_texts_free(struct nival_texts *texts);

// Frees a value; null is allowed.
void nival_value_free(struct nival_value *value);

// Evaluates a value to weak head normal form.
bool nival_value_force(const struct nival_value *value, struct nival_error **error);

// Evaluates a value and everything in it.
bool nival_value_force_deep(const struct nival_value *value, struct nival_error **error);

// Evaluates a value and returns its kind.
enum nival_value_kind nival_value_get_kind(const struct nival_value *value, struct nival_error **error);

// Puts a Boolean at `out`.
bool nival_value_get_bool(const struct nival_value *value, bool *out, struct nival_error **error);

// Puts an integer at `out`.
bool nival_value_get_int(const struct nival_value *value, int64_t *out, struct nival_error **error);

// Puts a number at `out`.
bool nival_value_get_float(const struct nival_value *value, double *out, struct nival_error **error);

// Puts the number of elements of a list at `out`.
bool nival_value_get_length(const struct nival_value *value, size_t *out, struct nival_error **error);

// The bytes of a string.
struct nival_text *nival_value_get_string(const struct nival_value *value, struct nival_error **error);

// A value as `nix-instantiate --eval --strict` prints it.
struct nival_text *nival_value_print(const struct nival_value *value, struct nival_error **error);

// A value as `nix-instantiate --eval` prints it.
struct nival_text *nival_value_print_lazily(const struct nival_value *value, struct nival_error **error);

// A value as `builtins.toJSON` prints it.
struct nival_text *nival_value_to_json(const struct nival_value *value, struct nival_error **error);

// The names of a set's attributes, in order.
struct nival_texts *nival_value_get_names(const struct nival_value *value, struct nival_error **error);

// An attribute of a set, unevaluated.
struct nival_value *nival_value_get_attribute(const struct nival_value *value,
                                              const char *name,
                                              size_t length,
                                              struct nival_error **error);

// An element of a list, counted from 0, unevaluated.
struct nival_value *nival_value_get_element(const struct nival_value *value,
                                            size_t index,
                                            struct nival_error **error);

// Calls a function with an array of arguments, which must belong to the same session.
struct nival_value *nival_value_call(const struct nival_value *function,
                                     const struct nival_value *const *arguments,
                                     size_t count,
                                     struct nival_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* NIVAL_H */
