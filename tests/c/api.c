/* Uses every part of the C interface, and checks what it answers. */
#include <nival.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(text) text, sizeof text - 1

static int checks = 0;

static void check(int holds, const char *what, int line) {
  checks++;
  if (!holds) {
    fprintf(stderr, "line %d: %s\n", line, what);
    exit(1);
  }
}
#define CHECK(condition) check(condition, #condition, __LINE__)

static int is(nival_view view, const char *text) {
  return view.data && view.length == strlen(text) && memcmp(view.data, text, view.length) == 0;
}

static int has(nival_view view, const char *part) {
  char *copy = malloc(view.length + 1);
  memcpy(copy, view.data, view.length);
  copy[view.length] = 0;
  int found = strstr(copy, part) != NULL;
  free(copy);
  return found;
}

/* Compares a text, and frees it. */
static int writes(nival_text *text, const char *wanted) {
  int same = is(nival_text_view(text), wanted);
  if (!same && text)
    fprintf(stderr, "%.*s\n", (int)nival_text_view(text).length, nival_text_view(text).data);
  nival_text_free(text);
  return same;
}

/* Checks the kind and message of an error, and frees it. */
static int fails(nival_error **error, enum nival_error_kind kind, const char *message) {
  int same = *error && nival_error_get_kind(*error) == kind && is(nival_error_get_message(*error), message);
  if (!same && *error)
    fprintf(stderr, "%.*s\n", (int)nival_error_get_message(*error).length, nival_error_get_message(*error).data);
  nival_error_free(*error);
  *error = NULL;
  return same;
}

static void heard(nival_view line, void *user_data) {
  if (is(line, "trace: hello"))
    ++*(int *)user_data;
}

static void derived(nival_view path, nival_view contents, void *user_data) {
  if (has(path, "-thing.drv") && has(contents, "thing"))
    ++*(int *)user_data;
}

static nival_value *evaluate(nival_session *session, const char *text) {
  nival_error *error = NULL;
  nival_value *value = nival_session_evaluate(session, text, strlen(text), TEXT("/"), &error);
  CHECK(value && !error);
  return value;
}

static void values(nival_session *session) {
  nival_error *error = NULL;
  nival_value *value = evaluate(session, "{ n = 7; f = 1.5; b = true; s = \"a\\u0000b\"; l = [ 1 (throw \"no\") ]; add = a: b: a + b; }");
  CHECK(nival_value_get_kind(value, &error) == NIVAL_VALUE_SET);
  nival_texts *names = nival_value_get_names(value, &error);
  CHECK(nival_texts_count(names) == 6 && is(nival_texts_get(names, 1), "b") && !nival_texts_get(names, 6).data);
  nival_texts_free(names);

  int64_t number = 0;
  nival_value *n = nival_value_get_attribute(value, TEXT("n"), &error);
  CHECK(nival_value_get_int(n, &number, &error) && number == 7);
  double real = 0;
  nival_value *part = nival_value_get_attribute(value, TEXT("f"), &error);
  CHECK(nival_value_get_float(part, &real, &error) && real == 1.5);
  nival_value_free(part);
  bool flag = false;
  part = nival_value_get_attribute(value, TEXT("b"), &error);
  CHECK(nival_value_get_bool(part, &flag, &error) && flag);
  CHECK(!nival_value_get_int(part, &number, &error));
  CHECK(fails(&error, NIVAL_ERROR_TYPE, "expected an integer but found a Boolean: true"));
  nival_value_free(part);

  part = nival_value_get_attribute(value, TEXT("l"), &error);
  size_t length = 0;
  CHECK(nival_value_get_length(part, &length, &error) && length == 2);
  nival_value *element = nival_value_get_element(part, 1, &error);
  CHECK(element && !nival_value_force(element, &error));
  CHECK(nival_error_get_place(error).line == 1 && is(nival_error_get_place(error).file, "«string»"));
  CHECK(has(nival_error_get_text(error, true), "error: no"));
  CHECK(fails(&error, NIVAL_ERROR_THROW, "no"));
  nival_value_free(element);
  CHECK(!nival_value_get_element(part, 2, &error));
  CHECK(fails(&error, NIVAL_ERROR_EVALUATION, "list index 2 is out of bounds"));
  CHECK(writes(nival_value_print_lazily(part, &error), "[ 1 <CODE> ]"));
  nival_value_free(part);

  nival_value *add = nival_value_get_attribute(value, TEXT("add"), &error);
  const nival_value *arguments[] = {n, n};
  nival_value *sum = nival_value_call(add, arguments, 2, &error);
  CHECK(writes(nival_value_print(sum, &error), "14") && writes(nival_value_to_json(sum, &error), "14"));
  CHECK(nival_value_force_deep(sum, &error));
  nival_value_free(sum);
  CHECK(!nival_value_to_json(add, &error));
  CHECK(nival_error_get_kind(error) == NIVAL_ERROR_TYPE);
  nival_error_free(error);
  error = NULL;

  /* A value outlives its session's handle, and no other session takes it. */
  nival_session *second = nival_session_new(&error);
  nival_value *foreign = evaluate(second, "1");
  nival_session_free(second);
  CHECK(nival_value_get_int(foreign, &number, &error) && number == 1);
  arguments[1] = foreign;
  CHECK(!nival_value_call(add, arguments, 2, &error));
  CHECK(fails(&error, NIVAL_ERROR_USAGE, "a value of another session was given"));
  nival_value_free(foreign);
  nival_value_free(add);
  nival_value_free(n);
  nival_value_free(value);

  value = evaluate(session, "\"\\n\"");
  nival_text *text = nival_value_get_string(value, &error);
  CHECK(writes(text, "\n"));
  nival_value_free(value);
  value = nival_session_lib(session, &error);
  CHECK(nival_value_get_kind(value, &error) == NIVAL_VALUE_SET);
  nival_value_free(value);

  CHECK(!nival_session_evaluate(session, TEXT("1 +"), TEXT("/"), &error));
  CHECK(nival_error_get_kind(error) == NIVAL_ERROR_PARSE);
  nival_error_free(error);
  error = NULL;
  CHECK(!nival_session_evaluate_file(session, TEXT("/does/not/exist.nix"), &error));
  CHECK(nival_error_get_message(error).length > 0);
  nival_error_free(error);
}

static void wrong_use(nival_session *session) {
  nival_error *error = NULL;
  CHECK(!nival_value_force(NULL, &error));
  CHECK(fails(&error, NIVAL_ERROR_USAGE, "a null handle was given"));
  CHECK(!nival_session_evaluate(NULL, TEXT("1"), TEXT("/"), NULL));
  CHECK(!nival_session_evaluate(session, NULL, 3, TEXT("/"), &error));
  CHECK(fails(&error, NIVAL_ERROR_USAGE, "a null text with a length was given"));
  nival_builder *builder = nival_builder_new();
  CHECK(!nival_builder_set_system(builder, TEXT("\xff"), &error));
  CHECK(fails(&error, NIVAL_ERROR_USAGE, "a text is not UTF-8"));
  CHECK(!nival_builder_on_message(builder, NULL, NULL, &error));
  CHECK(fails(&error, NIVAL_ERROR_USAGE, "a null handle was given"));
  nival_session *opened = nival_builder_open(builder, &error);
  CHECK(opened && !error && !nival_builder_open(builder, &error));
  CHECK(fails(&error, NIVAL_ERROR_USAGE, "the builder has been used"));
  nival_session_free(opened);
  nival_builder_free(builder);
  nival_modules *modules = nival_modules_new();
  CHECK(!nival_modules_set_undeclared(modules, 9, &error));
  CHECK(fails(&error, NIVAL_ERROR_USAGE, "9 is no nival_undeclared"));
  nival_modules_free(modules);
  nival_error_free(NULL);
  nival_text_free(NULL);
  nival_value_free(NULL);
  CHECK(!nival_text_view(NULL).data && nival_options_count(NULL) == 0);
}

static void settings(void) {
  nival_error *error = NULL;
  int lines = 0, derivations = 0;
  nival_builder *builder = nival_builder_new();
  CHECK(nival_builder_set_system(builder, TEXT("aarch64-linux"), &error));
  CHECK(nival_builder_set_folder(builder, TEXT("/tmp"), &error));
  CHECK(nival_builder_add_search_path(builder, TEXT("data"), TEXT("/data"), &error));
  CHECK(nival_builder_set_max_call_depth(builder, 100, &error));
  CHECK(nival_builder_set_dependencies(builder, false, &error));
  CHECK(nival_builder_on_message(builder, heard, &lines, &error));
  CHECK(nival_builder_on_derivation(builder, derived, &derivations, &error));
  nival_session *session = nival_builder_open(builder, &error);
  nival_builder_free(builder);
  nival_value *value = evaluate(session, "builtins.trace \"hello\" builtins.currentSystem");
  CHECK(writes(nival_value_get_string(value, &error), "aarch64-linux") && lines == 1);
  nival_value_free(value);
  value = evaluate(session, "(derivation { name = \"thing\"; system = \"x\"; builder = \"y\"; }).drvPath");
  CHECK(nival_value_force(value, &error) && derivations == 1);
  nival_value_free(value);
  CHECK(!nival_session_evaluate(session, TEXT("let f = x: f x + 1; in f 1"), TEXT("/"), &error));
  CHECK(nival_error_get_kind(error) == NIVAL_ERROR_STACK_OVERFLOW);
  nival_error_free(error);
  error = NULL;
  nival_modules *modules = nival_modules_new();
  CHECK(nival_modules_add_module_text(modules, TEXT("{ a = 1; }"), &error));
  nival_configuration *configuration = nival_session_open_modules(session, modules, &error);
  CHECK(!nival_configuration_get_dependencies(configuration, TEXT("a"), 1, &error));
  CHECK(fails(&error, NIVAL_ERROR_USAGE, "the session does not track dependencies"));
  nival_configuration_free(configuration);
  nival_modules_free(modules);
  nival_session_free(session);
}

/* Opens a session and closes the builder; both must work. */
static nival_session *opened(nival_builder *builder) {
  nival_error *error = NULL;
  nival_session *session = nival_builder_open(builder, &error);
  CHECK(session && !error);
  nival_builder_free(builder);
  return session;
}

static int reads(nival_session *session, const char *text, const char *wanted) {
  nival_error *error = NULL;
  nival_value *value = nival_session_evaluate(session, text, strlen(text), TEXT("/"), &error);
  int same = value && writes(nival_value_get_string(value, &error), wanted);
  nival_value_free(value);
  nival_error_free(error);
  return same;
}

static void access(const char *module, const char *store) {
  nival_error *error = NULL;
  nival_builder *builder = nival_builder_new();
  CHECK(nival_builder_add_store(builder, store, strlen(store), &error));
  CHECK(nival_builder_add_fetched(builder, TEXT("https://example.org/port.nix"), module, strlen(module), &error));
  CHECK(nival_builder_enable_flakes(builder, &error) && nival_builder_use_code_cache(builder, &error));
  nival_session *session = opened(builder);
  CHECK(reads(session, "builtins.readFile /nix/store/00000000000000000000000000000000-thing", "stored"));
  CHECK(reads(session, "builtins.substring 0 8 (builtins.readFile (builtins.fetchurl \"https://example.org/port.nix\"))", "# An opt"));
  CHECK(reads(session, "builtins.typeOf (builtins.parseFlakeRef \"github:a/b\")", "set"));
  nival_session_free(session);

  builder = nival_builder_new();
  CHECK(nival_builder_set_pure(builder, true, &error));
  session = opened(builder);
  CHECK(!nival_session_evaluate(session, TEXT("builtins.currentTime"), TEXT("/"), &error) && error != NULL);
  nival_error_free(error);
  error = NULL;
  nival_session_free(session);

  builder = nival_builder_new();
  CHECK(nival_builder_set_restricted(builder, true, &error));
  session = opened(builder);
  CHECK(!nival_session_evaluate(session, TEXT("builtins.readFile /etc/passwd"), TEXT("/"), &error));
  CHECK(has(nival_error_get_message(error), "restricted"));
  nival_error_free(error);
  error = NULL;
  nival_session_free(session);

  builder = nival_builder_new();
  CHECK(nival_builder_set_revision(builder, TEXT("/does/not/exist"), TEXT("HEAD"), &error));
  CHECK(!nival_builder_open(builder, &error) && has(nival_error_get_message(error), "/does/not/exist"));
  nival_error_free(error);
  nival_builder_free(builder);
}

static void module_files(nival_session *session, const char *module, const char *fixture) {
  nival_error *error = NULL;
  nival_modules *modules = nival_modules_new();
  CHECK(nival_modules_add_module(modules, module, strlen(module), &error));
  CHECK(nival_modules_add_argument(modules, TEXT("n"), TEXT("1 + 1"), &error));
  CHECK(nival_modules_add_fixture_text(modules, TEXT("{ n, pkgs, ... }: { value = [ n pkgs.port ]; }"), &error));
  CHECK(nival_modules_set_packages(modules, fixture, strlen(fixture), &error));
  nival_configuration *configuration = nival_session_open_modules(session, modules, &error);
  CHECK(configuration && !error);
  nival_view value[] = {{TEXT("value")}};
  CHECK(writes(nival_configuration_to_json(configuration, value, 1, &error), "{\"value\":[2,80]}"));
  nival_configuration_free(configuration);
  CHECK(nival_modules_add_module_text(modules, TEXT("{ }"), &error));
  CHECK(!nival_session_open_modules(session, modules, &error));
  CHECK(fails(&error, NIVAL_ERROR_USAGE, "only one of the modules and fixtures can be standard input or a text"));
  nival_modules_free(modules);
  modules = nival_modules_new();
  CHECK(nival_modules_set_lib(modules, TEXT("/does/not/exist"), &error));
  configuration = nival_session_open_modules(session, modules, &error);
  CHECK(!configuration && has(nival_error_get_message(error), "/does/not/exist"));
  nival_error_free(error);
  nival_modules_free(modules);
}

static void flakes(const char *system, const char *lib) {
  nival_error *error = NULL;
  nival_builder *builder = nival_builder_new();
  CHECK(nival_builder_enable_flakes(builder, &error));
  nival_session *session = opened(builder);
  char reference[4096], lock[4096];
  snprintf(reference, sizeof reference, "path:%s#host", system);
  snprintf(lock, sizeof lock, "%s/flake.lock", system);
  nival_flake *flake = nival_flake_new(reference, strlen(reference), &error);
  CHECK(nival_flake_set_input(flake, TEXT("lib"), lib, strlen(lib), &error));
  CHECK(nival_flake_set_lock_file(flake, lock, strlen(lock), &error));
  nival_configuration *configuration = nival_session_open_flake(session, flake, &error);
  nival_view port[] = {{TEXT("port")}};
  CHECK(configuration && writes(nival_configuration_to_json(configuration, port, 1, &error), "{\"port\":80}"));
  nival_configuration_free(configuration);
  snprintf(lock, sizeof lock, "path:%s", lib);
  CHECK(nival_flake_override_input(flake, TEXT("lib"), lock, strlen(lock), &error));
  configuration = nival_session_open_flake(session, flake, &error);
  nival_view input[] = {{TEXT("input")}};
  CHECK(configuration && writes(nival_configuration_to_json(configuration, input, 1, &error), "{\"input\":1}"));
  nival_configuration_free(configuration);
  nival_flake_free(flake);
  nival_session_free(session);
}

static nival_configuration *open_port(nival_session *session, const char *fixture) {
  static const char module[] =
      "{ lib, config, extra, ... }: {\n"
      "  options.port = lib.mkOption { type = lib.types.port; default = 80; description = \"The port.\"; };\n"
      "  options.url = lib.mkOption { type = lib.types.str; default = \"http://${extra}:${toString config.port}\"; };\n"
      "  options.bad = lib.mkOption { default = throw \"no\"; };\n"
      "  options.fixed = lib.mkOption { readOnly = true; default = 1; defaultText = \"one\"; };\n"
      "}\n";
  nival_error *error = NULL;
  nival_modules *modules = nival_modules_new();
  CHECK(nival_modules_set_base(modules, false, &error));
  CHECK(nival_modules_set_undeclared(modules, NIVAL_UNDECLARED_REFUSED, &error));
  CHECK(nival_modules_add_argument_text(modules, TEXT("extra"), TEXT("localhost"), &error));
  CHECK(nival_modules_add_module_text(modules, TEXT(module), &error));
  CHECK(nival_modules_add_fixture(modules, fixture, strlen(fixture), &error));
  nival_configuration *configuration = nival_session_open_modules(session, modules, &error);
  CHECK(configuration && !error);
  nival_modules_free(modules);
  return configuration;
}

static void configurations(nival_session *session, const char *old_fixture, const char *new_fixture) {
  nival_error *error = NULL;
  nival_configuration *old = open_port(session, old_fixture), *new = open_port(session, new_fixture);

  nival_value *all = nival_configuration_get_values(new, &error);
  nival_value *port = nival_value_get_attribute(all, TEXT("port"), &error);
  int64_t number = 0;
  CHECK(nival_value_get_int(port, &number, &error) && number == 8080);
  nival_value_free(port);
  nival_value_free(all);

  nival_view paths[] = {{TEXT("port")}, {TEXT("url")}};
  CHECK(writes(nival_configuration_to_json(new, paths, 2, &error), "{\"port\":8080,\"url\":\"http://localhost:8080\"}"));

  nival_option *option = nival_configuration_get_option(new, TEXT("port"), &error);
  CHECK(is(nival_option_get_name(option), "port") && nival_option_count_path(option) == 1);
  CHECK(is(nival_option_get_path(option, 0), "port") && !nival_option_get_path(option, 1).data);
  CHECK(is(nival_option_get_type_name(option), "unsignedInt16"));
  CHECK(is(nival_option_get_type_description(option), "16 bit unsigned integer; between 0 and 65535 (both inclusive)"));
  CHECK(is(nival_option_get_description(option), "The port."));
  CHECK(nival_option_is_set(option) && !nival_option_is_read_only(option) && !nival_option_get_failure(option).data);
  CHECK(nival_option_get_priority(option, &number) && number == 100 && nival_option_differs_from_default(option));
  CHECK(writes(nival_option_value_to_json(option, &error), "8080"));
  CHECK(writes(nival_option_default_to_json(option, &error), "80"));
  CHECK(nival_option_count_declarations(option) == 1 && nival_option_get_declaration(option, 0).line == 2);
  CHECK(nival_option_count_definitions(option) == 2);
  CHECK(nival_definition_get_outcome(option, 0) == NIVAL_OUTCOME_WINS);
  CHECK(nival_definition_get_outcome(option, 1) == NIVAL_OUTCOME_LOST);
  CHECK(nival_definition_get_outcome(option, 2) == NIVAL_OUTCOME_NONE);
  CHECK(is(nival_definition_get_place(option, 0).file, new_fixture) && is(nival_definition_get_file(option, 0), new_fixture));
  CHECK(nival_definition_get_priority(option, 1) == 1500 && nival_definition_get_order(option, 1) == 1000);
  CHECK(nival_definition_is_default(option, 1) && !nival_definition_is_default(option, 0));
  CHECK(writes(nival_definition_because(option, 1, &error), "the option's default loses to priority 100"));
  CHECK(writes(nival_definition_value_to_json(option, 0, &error), "8080"));
  CHECK(is(nival_definition_get_text(option, 0), "port = 8080;") && !nival_definition_get_text(option, 2).data);
  nival_text *json = nival_option_to_json(option, &error);
  CHECK(has(nival_text_view(json), "\"highestPrio\":100"));
  nival_text_free(json);
  nival_option_free(option);

  option = nival_configuration_get_option(new, TEXT("bad"), &error);
  CHECK(is(nival_option_get_failure(option), "no"));
  nival_option_free(option);
  option = nival_configuration_get_option(new, TEXT("fixed"), &error);
  CHECK(nival_option_is_read_only(option) && is(nival_option_get_default_text(option), "one"));
  CHECK(!nival_option_default_to_json(option, &error) && !error);
  nival_option_free(option);
  CHECK(!nival_configuration_get_option(new, TEXT("prot"), &error));
  CHECK(has(nival_error_get_text(error, false), "Did you mean"));
  CHECK(fails(&error, NIVAL_ERROR_EVALUATION, "there is no option 'prot'"));

  nival_options *options = nival_configuration_get_options(new, TEXT(""), &error);
  CHECK(nival_options_count(options) == 4 && is(nival_option_get_name(nival_options_get(options, 2)), "port"));
  nival_options_free(options);
  nival_texts *names = nival_configuration_get_option_names(new, NULL, 0, &error);
  CHECK(nival_texts_count(names) == 4 && is(nival_texts_get(names, 3), "url"));
  nival_texts_free(names);

  nival_dependencies *found = nival_configuration_get_dependencies(new, TEXT("url"), 1, &error);
  CHECK(nival_dependencies_count(found) == 2 && is(nival_dependencies_get_name(found, 1), "port"));
  CHECK(nival_dependencies_count_next(found, 0) == 1 && nival_dependencies_get_next(found, 0, 0) == 1);
  CHECK(writes(nival_dependencies_value_to_json(found, 1, &error), "8080"));
  CHECK(is(nival_dependencies_get_place(found, 1).file, new_fixture));
  nival_dependencies_free(found);
  found = nival_configuration_get_dependents(new, TEXT("port"), 1, &error);
  CHECK(nival_dependencies_count(found) == 2 && is(nival_dependencies_get_name(found, 1), "url"));
  nival_dependencies_free(found);

  nival_comparison *comparison = nival_configuration_compare(old, new, NULL, 0, &error);
  CHECK(nival_comparison_count(comparison) == 2);
  CHECK(is(nival_change_get_name(comparison, 0), "port") && is(nival_change_get_kind(comparison, 0), "value"));
  CHECK(writes(nival_change_old_to_json(comparison, 0, &error), "80"));
  CHECK(writes(nival_change_new_to_json(comparison, 0, &error), "8080"));
  CHECK(nival_change_count_follows(comparison, 1) == 1 && is(nival_change_get_follows(comparison, 1, 0), "port"));
  CHECK(nival_change_count_causes(comparison, 0) >= 1 && nival_cause_get_place(comparison, 0, 0).file.length > 0);
  CHECK(nival_cause_get_kind(comparison, 0, 0).data && nival_cause_get_old(comparison, 9, 0).data == NULL);
  CHECK(!nival_cause_is_gone(comparison, 0, 0) && nival_cause_get_new(comparison, 0, 0).data);
  json = nival_comparison_to_json(comparison, &error);
  CHECK(has(nival_text_view(json), "\"changes\""));
  nival_text_free(json);
  nival_comparison_free(comparison);
  nival_configuration_free(old);
  nival_configuration_free(new);

  nival_evaluated *evaluated = nival_evaluated_expression(TEXT("{ a = { options = { }; config.x = 3; }; }"), &error);
  CHECK(nival_evaluated_set_attribute(evaluated, TEXT("a"), &error));
  nival_configuration *configuration = nival_session_open_evaluated(session, evaluated, &error);
  CHECK(configuration && writes(nival_configuration_to_json(configuration, NULL, 0, &error), "{\"x\":3}"));
  nival_configuration_free(configuration);
  nival_evaluated_free(evaluated);

  evaluated = nival_evaluated_file(new_fixture, strlen(new_fixture), &error);
  CHECK(evaluated && !nival_session_open_evaluated(session, evaluated, &error) && error);
  nival_error_free(error);
  error = NULL;
  nival_evaluated_free(evaluated);

  nival_nixos *nixos = nival_nixos_new(TEXT("/does/not/exist.nix"), &error);
  CHECK(!nival_session_open_nixos(session, nixos, &error) && error);
  nival_error_free(error);
  error = NULL;
  nival_nixos_free(nixos);
  nixos = nival_nixos_of_text(TEXT("{ }"), &error);
  CHECK(nival_nixos_set_nixpkgs(nixos, TEXT("/does/not/exist"), &error));
  CHECK(!nival_session_open_nixos(session, nixos, &error));
  CHECK(fails(&error, NIVAL_ERROR_USAGE, "'/does/not/exist' is no nixpkgs: it has no folder 'nixos'"));
  nival_nixos_free(nixos);

  nival_flake *flake = nival_flake_new(TEXT("/does/not/exist#x"), &error);
  CHECK(nival_flake_set_machine(flake, TEXT("x"), &error));
  CHECK(!nival_session_open_flake(session, flake, &error) && error);
  nival_error_free(error);
  nival_flake_free(flake);
}

static void *evaluate_in_thread(void *session) {
  for (int i = 0; i < 20; i++) {
    nival_value *value = evaluate(session, "builtins.length (builtins.genList (n: n) 1000)");
    int64_t number = 0;
    CHECK(nival_value_get_int(value, &number, NULL) && number == 1000);
    nival_value_free(value);
  }
  return NULL;
}

static void threads(nival_session *session) {
  pthread_t others[4];
  for (int i = 0; i < 4; i++)
    CHECK(pthread_create(&others[i], NULL, evaluate_in_thread, session) == 0);
  for (int i = 0; i < 4; i++)
    pthread_join(others[i], NULL);
}

/* Words: two fixtures, a module, a fixture to read as packages, a folder with store objects, and two flakes. */
int main(int count, char **words) {
  if (count != 8)
    return 2;
  nival_error *error = NULL;
  nival_session *session = nival_session_new(&error);
  CHECK(session && !error && nival_version().length > 0);
  values(session);
  wrong_use(session);
  settings();
  configurations(session, words[1], words[2]);
  module_files(session, words[3], words[4]);
  access(words[3], words[5]);
  flakes(words[6], words[7]);
  threads(session);
  nival_session_free(session);
  printf("%d checks\n", checks);
  return 0;
}
