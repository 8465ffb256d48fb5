/* The types of Nix's C API as far as the plugin uses it, and what values are here. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int nix_err;
typedef struct EvalState EvalState;
typedef struct ListBuilder ListBuilder;
typedef struct BindingsBuilder BindingsBuilder;

enum {
  NIX_TYPE_INT = 1,
  NIX_TYPE_FLOAT,
  NIX_TYPE_BOOL,
  NIX_TYPE_STRING,
  NIX_TYPE_PATH,
  NIX_TYPE_NULL,
  NIX_TYPE_ATTRS,
  NIX_TYPE_LIST,
  NIX_TYPE_FUNCTION,
  /* Nothing yet. */
  STUB_EMPTY = 100,
  /* Forcing it fails. */
  STUB_THROWS
};

#define IS_VALUE 0x76616c7565

typedef struct nix_value {
  uint64_t is_value;
  int type, later;
  int64_t number;
  double real;
  char *text;
  size_t count;
  char **names;
  struct nix_value **parts;
  int references;
} nix_value;

typedef struct nix_c_context {
  nix_err code;
  char *message;
} nix_c_context;

typedef void (*nix_get_string_callback)(const char *start, unsigned int n, void *user_data);
typedef void (*PrimOpFun)(void *user_data, nix_c_context *context, EvalState *state, nix_value **args, nix_value *ret);

typedef struct PrimOp {
  PrimOpFun fun;
  const char *name, *doc;
  void *user_data;
  int references;
} PrimOp;
