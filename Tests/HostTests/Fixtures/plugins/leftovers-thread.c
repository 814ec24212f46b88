/* Leaves a thread running. */
#include <pthread.h>
#include <unistd.h>
static int started;
static void *forever(void *ctx) {
  while (1) pause();
  return ctx;
}
#define ON_CREATE(with, host)                             \
  pthread_t thread;                                       \
  if (!started) started = !pthread_create(&thread, NULL, forever, NULL);
#include "base.h"
