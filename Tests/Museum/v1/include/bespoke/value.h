/* Values: what a plugin reads. The host owns every document; a plugin only borrows. */
#ifndef BESPOKE_VALUE_H
#define BESPOKE_VALUE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A run of bytes: UTF-8 unless its function says otherwise, never NUL-terminated by promise.
   `ptr` may be NULL when `len` is 0. The giver owns the bytes. */
typedef struct bespoke_str {
  const char *ptr;
  size_t len;
} bespoke_str;

/* A parsed document. Opaque: only the accessors below look inside. */
typedef struct bespoke_doc bespoke_doc;

/* A value inside a document, passed by value. Missing is a value (`doc` NULL), and every accessor accepts it.
   Valid until the call that lent it returns; values of a config stay valid until `destroy`. */
typedef struct bespoke_value {
  const bespoke_doc *doc;
  uint32_t node;
  uint32_t reserved; /* 0; never read by the host */
} bespoke_value;

/* What `type` answers. */
enum bespoke_type {
  BESPOKE_TYPE_MISSING = 0,
  BESPOKE_TYPE_NULL = 1,
  BESPOKE_TYPE_BOOLEAN = 2,
  BESPOKE_TYPE_INTEGER = 3, /* a number without fraction or exponent that fits in 64 bits */
  BESPOKE_TYPE_DOUBLE = 4,  /* every other number */
  BESPOKE_TYPE_STRING = 5,
  BESPOKE_TYPE_ARRAY = 6,
  BESPOKE_TYPE_OBJECT = 7
};

/* How values are read. Every function is pure: no allocation, no lock, no copy. [any-thread]
   A value of the wrong type answers like a missing one. `get` and `at` may answer a value of another document. */
typedef struct bespoke_access_v1 {
  /* One of enum bespoke_type. */
  int32_t (*type)(bespoke_value value);
  /* The member called `key` of an object; of repeated keys the last. O(members). */
  bespoke_value (*get)(bespoke_value object, bespoke_str key);
  /* The element of an array, or the member value of an object, at `index`. O(1). */
  bespoke_value (*at)(bespoke_value container, uint32_t index);
  /* How many elements or members a container has; 0 for everything else. O(1). */
  uint32_t (*count)(bespoke_value container);
  /* The key of the member at `index` of an object, in source order. O(1). Lives as long as the document. */
  bespoke_str (*key_at)(bespoke_value object, uint32_t index);
  /* The text of a string, or the source text of a number (so that prices stay exact); empty for everything else.
     Strings are UTF-8 with invalid bytes already replaced by U+FFFD. Lives as long as the document. */
  bespoke_str (*str)(bespoke_value value);
  /* The integer, the double rounded toward zero when it fits, or 1 and 0 for booleans; else `fallback`. */
  int64_t (*i64)(bespoke_value value, int64_t fallback);
  /* The number, or 1 and 0 for booleans; else `fallback`. */
  double (*f64)(bespoke_value value, double fallback);
} bespoke_access_v1;

#ifdef __cplusplus
}
#endif
#endif
