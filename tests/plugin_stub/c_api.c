/* Stands for libnixexprc: the functions of Nix's C API that the plugin uses, as in nix_api_util.h, nix_api_expr.h and
 * nix_api_value.h, over values that are plain structures. It is as strict as Nix: a value is filled once, what is read has
 * the right kind, every function resets the error of its context. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stub.h"

extern void *nix_stub_registered;
extern int nix_stub_live;

static void log_call(const char *name) {
  if (getenv("STUB_LOG"))
    fprintf(stderr, "%s\n", name);
}

static void must(bool holds, const char *what) {
  if (!holds) {
    fprintf(stderr, "wrong use of the C API: %s\n", what);
    exit(3);
  }
}

nix_c_context *nix_c_context_create(void) { return calloc(1, sizeof(nix_c_context)); }

void nix_c_context_free(nix_c_context *context) {
  free(context->message);
  free(context);
}

static void reset(nix_c_context *context) {
  if (context)
    context->code = 0;
}

nix_err nix_set_err_msg(nix_c_context *context, nix_err err, const char *msg) {
  must(context != NULL, "an error without a context");
  free(context->message);
  context->message = strdup(msg);
  return context->code = err;
}

nix_err nix_err_code(const nix_c_context *context) { return context->code; }

const char *nix_err_msg(nix_c_context *context, const nix_c_context *read, unsigned int *n) {
  reset(context);
  if (n)
    *n = strlen(read->message);
  return read->message;
}

PrimOp *nix_alloc_primop(nix_c_context *context, PrimOpFun fun, int arity, const char *name, const char **args,
                         const char *doc, void *user_data) {
  log_call("nix_alloc_primop");
  reset(context);
  must(doc != NULL, "a function without documentation");
  must(arity == 1 && args && args[0] && !args[1], "the names of the arguments");
  if (getenv("STUB_NO_PRIMOPS")) {
    nix_set_err_msg(context, -1, "no functions today");
    return NULL;
  }
  PrimOp *op = calloc(1, sizeof(PrimOp));
  *op = (PrimOp){fun, name, doc, user_data, 1};
  return op;
}

nix_err nix_register_primop(nix_c_context *context, PrimOp *op) {
  log_call("nix_register_primop");
  reset(context);
  must(op->references == 1, "a function that is no longer referred to");
  /* Nix moves the contents away. */
  PrimOp *moved = malloc(sizeof(PrimOp));
  *moved = *op;
  nix_stub_registered = moved;
  memset(op, 0, sizeof(PrimOp));
  op->references = 1;
  return 0;
}

nix_err nix_gc_decref(nix_c_context *context, const void *object) {
  reset(context);
  nix_value *value = (nix_value *)object;
  if (value->is_value != IS_VALUE) {
    log_call("nix_gc_decref of the function");
    free(value);
    return 0;
  }
  must(value->references > 0, "a value that nobody refers to");
  value->references--;
  nix_stub_live--;
  return 0;
}

static nix_value *with_reference(nix_value *value) {
  value->references++;
  nix_stub_live++;
  return value;
}

static nix_value *empty(void) {
  nix_value *value = calloc(1, sizeof(nix_value));
  value->is_value = IS_VALUE;
  value->type = STUB_EMPTY;
  return value;
}

nix_value *nix_alloc_value(nix_c_context *context, EvalState *state) {
  reset(context);
  must(state != NULL, "no evaluator");
  return with_reference(empty());
}

nix_err nix_value_force(nix_c_context *context, EvalState *state, nix_value *value) {
  reset(context);
  (void)state;
  if (value->type == 0)
    value->type = value->later;
  if (value->type == STUB_THROWS)
    return nix_set_err_msg(context, -4, value->text);
  return 0;
}

static void of_type(nix_c_context *context, const nix_value *value, int type) {
  reset(context);
  must(value->type == type, "a value of another kind");
}

int nix_get_type(nix_c_context *context, const nix_value *value) {
  reset(context);
  return value->type;
}
bool nix_get_bool(nix_c_context *context, const nix_value *value) {
  of_type(context, value, NIX_TYPE_BOOL);
  return value->number;
}
int64_t nix_get_int(nix_c_context *context, const nix_value *value) {
  of_type(context, value, NIX_TYPE_INT);
  return value->number;
}
double nix_get_float(nix_c_context *context, const nix_value *value) {
  of_type(context, value, NIX_TYPE_FLOAT);
  return value->real;
}
nix_err nix_get_string(nix_c_context *context, const nix_value *value, nix_get_string_callback callback, void *data) {
  of_type(context, value, NIX_TYPE_STRING);
  callback(value->text, strlen(value->text), data);
  return 0;
}
const char *nix_get_path_string(nix_c_context *context, const nix_value *value) {
  of_type(context, value, NIX_TYPE_PATH);
  return value->text;
}
unsigned int nix_get_list_size(nix_c_context *context, const nix_value *value) {
  of_type(context, value, NIX_TYPE_LIST);
  return value->count;
}
unsigned int nix_get_attrs_size(nix_c_context *context, const nix_value *value) {
  of_type(context, value, NIX_TYPE_ATTRS);
  return value->count;
}
nix_value *nix_get_list_byidx(nix_c_context *context, const nix_value *value, EvalState *state, unsigned int ix) {
  of_type(context, value, NIX_TYPE_LIST);
  must(ix < value->count, "an index out of bounds");
  if (nix_value_force(context, state, value->parts[ix]))
    return NULL;
  return with_reference(value->parts[ix]);
}
nix_value *nix_get_attr_byidx(nix_c_context *context, nix_value *value, EvalState *state, unsigned int i,
                              const char **name) {
  of_type(context, value, NIX_TYPE_ATTRS);
  must(i < value->count, "an index out of bounds");
  *name = value->names[i];
  if (nix_value_force(context, state, value->parts[i]))
    return NULL;
  return with_reference(value->parts[i]);
}

static void fill(nix_c_context *context, nix_value *value, int type) {
  reset(context);
  must(value->type == STUB_EMPTY, "a value that is filled twice");
  value->type = type;
}

nix_err nix_init_bool(nix_c_context *context, nix_value *value, bool b) {
  fill(context, value, NIX_TYPE_BOOL);
  value->number = b;
  return 0;
}
nix_err nix_init_int(nix_c_context *context, nix_value *value, int64_t i) {
  fill(context, value, NIX_TYPE_INT);
  value->number = i;
  return 0;
}
nix_err nix_init_float(nix_c_context *context, nix_value *value, double d) {
  fill(context, value, NIX_TYPE_FLOAT);
  value->real = d;
  return 0;
}
nix_err nix_init_null(nix_c_context *context, nix_value *value) {
  fill(context, value, NIX_TYPE_NULL);
  return 0;
}
nix_err nix_init_string(nix_c_context *context, nix_value *value, const char *str) {
  fill(context, value, NIX_TYPE_STRING);
  value->text = strdup(str);
  return 0;
}

struct ListBuilder {
  size_t count;
  nix_value **parts;
};

ListBuilder *nix_make_list_builder(nix_c_context *context, EvalState *state, size_t capacity) {
  reset(context);
  must(state != NULL, "no evaluator");
  ListBuilder *builder = malloc(sizeof(ListBuilder));
  *builder = (ListBuilder){capacity, calloc(capacity + 1, sizeof(nix_value *))};
  return builder;
}
nix_err nix_list_builder_insert(nix_c_context *context, ListBuilder *builder, unsigned int index, nix_value *value) {
  reset(context);
  must(index < builder->count && value->type != STUB_EMPTY, "an element");
  builder->parts[index] = value;
  return 0;
}
nix_err nix_make_list(nix_c_context *context, ListBuilder *builder, nix_value *value) {
  fill(context, value, NIX_TYPE_LIST);
  for (size_t i = 0; i < builder->count; i++)
    must(builder->parts[i] != NULL, "a list with holes");
  value->count = builder->count;
  value->parts = builder->parts;
  builder->parts = NULL;
  return 0;
}
void nix_list_builder_free(ListBuilder *builder) {
  free(builder->parts);
  free(builder);
}

struct BindingsBuilder {
  size_t capacity, count;
  char **names;
  nix_value **parts;
};

BindingsBuilder *nix_make_bindings_builder(nix_c_context *context, EvalState *state, size_t capacity) {
  reset(context);
  must(state != NULL, "no evaluator");
  BindingsBuilder *builder = malloc(sizeof(BindingsBuilder));
  *builder = (BindingsBuilder){capacity, 0, calloc(capacity + 1, sizeof(char *)),
                               calloc(capacity + 1, sizeof(nix_value *))};
  return builder;
}
nix_err nix_bindings_builder_insert(nix_c_context *context, BindingsBuilder *builder, const char *name,
                                    nix_value *value) {
  reset(context);
  must(builder->count < builder->capacity && value->type != STUB_EMPTY, "an attribute");
  builder->names[builder->count] = strdup(name);
  builder->parts[builder->count++] = value;
  return 0;
}
nix_err nix_make_attrs(nix_c_context *context, nix_value *value, BindingsBuilder *builder) {
  fill(context, value, NIX_TYPE_ATTRS);
  value->count = builder->count;
  value->names = builder->names;
  value->parts = builder->parts;
  builder->names = NULL;
  builder->parts = NULL;
  return 0;
}
void nix_bindings_builder_free(BindingsBuilder *builder) {
  free(builder->names);
  free(builder->parts);
  free(builder);
}
