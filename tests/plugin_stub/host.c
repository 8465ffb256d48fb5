/* Stands for Nix: loads the plugin, and calls the function that it registers with an argument that words describe:
 * `{` and `}`, `[` and `]`, names with a `=` at their end, and values: null, true, 7, 1.5, "text", /path, throw:message, function;
 * with a `~` before it, a value is not evaluated yet. */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stub.h"

extern void *nix_stub_registered;
extern int nix_stub_live;

static char **words;

static nix_value *made(int type) {
  nix_value *value = calloc(1, sizeof(nix_value));
  value->is_value = IS_VALUE;
  value->type = type;
  return value;
}

static nix_value *read_value(void) {
  const char *word = *words++;
  if (*word == '~') {
    words--;
    (*words)++;
    nix_value *value = read_value();
    value->later = value->type;
    value->type = 0;
    return value;
  }
  nix_value *value;
  if (!strcmp(word, "{") || !strcmp(word, "[")) {
    int is_set = *word == '{';
    value = made(is_set ? NIX_TYPE_ATTRS : NIX_TYPE_LIST);
    value->names = calloc(64, sizeof(char *));
    value->parts = calloc(64, sizeof(nix_value *));
    while (strcmp(*words, "}") && strcmp(*words, "]")) {
      if (is_set) {
        value->names[value->count] = strdup(*words++);
        value->names[value->count][strlen(value->names[value->count]) - 1] = 0;
      }
      value->parts[value->count] = read_value();
      value->count++;
    }
    words++;
  } else if (!strcmp(word, "null")) {
    value = made(NIX_TYPE_NULL);
  } else if (!strcmp(word, "true") || !strcmp(word, "false")) {
    value = made(NIX_TYPE_BOOL);
    value->number = *word == 't';
  } else if (!strcmp(word, "function")) {
    value = made(NIX_TYPE_FUNCTION);
  } else if (!strcmp(word, "nan")) {
    value = made(NIX_TYPE_FLOAT);
    value->real = NAN;
  } else if (!strncmp(word, "throw:", 6)) {
    value = made(STUB_THROWS);
    value->text = strdup(word + 6);
  } else if (*word == '/') {
    value = made(NIX_TYPE_PATH);
    value->text = strdup(word);
  } else if (*word == '"') {
    value = made(NIX_TYPE_STRING);
    value->text = strdup(word + 1);
    value->text[strlen(value->text) - 1] = 0;
  } else if (strchr(word, '.')) {
    value = made(NIX_TYPE_FLOAT);
    value->real = atof(word);
  } else {
    value = made(NIX_TYPE_INT);
    value->number = atoll(word);
  }
  return value;
}

static void print(const nix_value *value) {
  switch (value->type) {
  case NIX_TYPE_INT: printf("%lld", (long long)value->number); break;
  case NIX_TYPE_FLOAT: printf("%g", value->real); break;
  case NIX_TYPE_BOOL: printf(value->number ? "true" : "false"); break;
  case NIX_TYPE_STRING: printf("\"%s\"", value->text); break;
  case NIX_TYPE_NULL: printf("null"); break;
  case NIX_TYPE_ATTRS:
    printf("{ ");
    for (size_t i = 0; i < value->count; i++) {
      printf("%s = ", value->names[i]);
      print(value->parts[i]);
      printf("; ");
    }
    printf("}");
    break;
  case NIX_TYPE_LIST:
    printf("[ ");
    for (size_t i = 0; i < value->count; i++) {
      print(value->parts[i]);
      printf(" ");
    }
    printf("]");
    break;
  default: printf("nothing (%d)", value->type);
  }
}

int main(int count, char **given) {
  if (count < 2)
    return 2;
  void *plugin = dlopen(given[1], RTLD_LAZY | RTLD_LOCAL);
  if (!plugin) {
    fprintf(stderr, "%s\n", dlerror());
    return 2;
  }
  void (*entry)(void) = (void (*)(void))dlsym(plugin, "nix_plugin_entry");
  entry();
  PrimOp *op = nix_stub_registered;
  if (!op) {
    printf("nothing is registered\n");
    return 0;
  }
  if (count == 2) {
    printf("%s\n", op->name);
    return 0;
  }
  words = given + 2;
  nix_value *argument = read_value();
  nix_value *result = made(STUB_EMPTY);
  nix_c_context context = {0};
  op->fun(op->user_data, &context, (EvalState *)&context, &argument, result);
  if (context.code)
    printf("error %d: %s\n", context.code, context.message);
  else
    print(result), printf("\n");
  printf("%d references are left\n", nix_stub_live);
  return 0;
}
