/* Prints what an option of modules is set to, and by which definitions:
 *
 *     cc options.c -I include -L target/release -lnival -o options
 *     ./options MODULE FIXTURE OPTION
 */
#include <nival.h>
#include <stdio.h>
#include <string.h>

/* Prints a text. */
static void print(nival_view text) {
  fwrite(text.data, 1, text.length, stdout);
}

/* Prints an error and frees it. */
static int fail(nival_error *error) {
  nival_view text = nival_error_get_text(error, false);
  fprintf(stderr, "%.*s\n", (int)text.length, text.data);
  nival_error_free(error);
  return 1;
}

int main(int count, char **words) {
  static const char *outcomes[] = {"none", "wins", "lost", "off", "failed"};
  if (count != 4) {
    fprintf(stderr, "usage: options MODULE FIXTURE OPTION\n");
    return 2;
  }
  int exit = 0;
  nival_error *error = NULL;
  nival_session *session = nival_session_new(&error);
  nival_modules *modules = nival_modules_new();
  nival_configuration *configuration = NULL;
  nival_option *option = NULL;
  nival_text *value = NULL;
  if (!session || !nival_modules_add_module(modules, words[1], strlen(words[1]), &error) ||
      !nival_modules_add_fixture(modules, words[2], strlen(words[2]), &error) ||
      !(configuration = nival_session_open_modules(session, modules, &error)) ||
      !(option = nival_configuration_get_option(configuration, words[3], strlen(words[3]), &error)) ||
      !(value = nival_option_value_to_json(option, &error))) {
    exit = fail(error);
  } else {
    print(nival_option_get_name(option));
    printf(" = ");
    print(nival_text_view(value));
    printf("\n");
    for (size_t i = 0; i < nival_option_count_definitions(option); i++) {
      nival_place place = nival_definition_get_place(option, i);
      printf("  %s  ", outcomes[nival_definition_get_outcome(option, i)]);
      print(place.file);
      if (place.line)
        printf(":%u:%u", place.line, place.column);
      printf("  priority %lld\n", (long long)nival_definition_get_priority(option, i));
    }
  }
  nival_text_free(value);
  nival_option_free(option);
  nival_configuration_free(configuration);
  nival_modules_free(modules);
  nival_session_free(session);
  return exit;
}
