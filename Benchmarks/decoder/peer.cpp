// What DecoderBench measures, measured of llama.cpp: peer MODEL THREADS [ROW]. Scripts/bench-decoder.sh runs it where LLAMA_PEER names
// it. To build it, with LLAMA a llama.cpp tree that cmake built statically (GGML_NATIVE=ON) in LLAMA/build:
//   g++ -O2 -I$LLAMA/include -I$LLAMA/ggml/include peer.cpp -o peer $LLAMA/build/src/libllama.a
//     $LLAMA/build/ggml/src/{libggml,libggml-cpu,libggml-base}.a -fopenmp -lpthread -ldl
#include "llama.h"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <sys/resource.h>
#include <vector>

static double now() {
  const char *clock = getenv("BENCH_CLOCK");
  timespec time;
  clock_gettime(clock && strcmp(clock, "cpu") == 0 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec * 1e-9;
}

static void quiet(ggml_log_level, const char *, void *) {}

static llama_context *context(llama_model *model, int threads, int length, int sequences) {
  auto params = llama_context_default_params();
  params.n_ctx = length;
  params.n_batch = params.n_ubatch = 512;
  params.n_threads = params.n_threads_batch = threads;
  params.n_seq_max = sequences;
  params.kv_unified = true;
  return llama_init_from_model(model, params);
}

// The best of three after one to warm up.
static void prompt(llama_model *model, int threads, std::vector<llama_token> &ids) {
  auto *c = context(model, threads, 1024, 1);
  double best = 0;
  for (int run = 0; run < 4; run++) {
    llama_memory_clear(llama_get_memory(c), true);
    double start = now();
    llama_decode(c, llama_batch_get_one(ids.data(), 512));
    llama_synchronize(c);
    if (run > 0) best = std::max(best, 512 / (now() - start));
  }
  printf("prompt512 %.1f\n", best);
  llama_free(c);
}

static void batch(llama_model *model, int threads, std::vector<llama_token> &ids, const char *name, int count, int steps) {
  int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
  auto *c = context(model, threads, 2048, count);
  auto b = llama_batch_init(512, 0, 1);
  auto add = [&](int token, int position, int sequence, bool logits) {
    int i = b.n_tokens++;
    b.token[i] = token;
    b.pos[i] = position;
    b.n_seq_id[i] = 1;
    b.seq_id[i][0] = sequence;
    b.logits[i] = logits;
  };
  double best = 0;
  for (int run = 0; run < 4; run++) {
    llama_memory_clear(llama_get_memory(c), true);
    b.n_tokens = 0;
    for (int s = 0; s < count; s++)
      for (int i = 0; i < 16; i++) add(ids[i + s], i, s, i == 15);
    llama_decode(c, b);
    double start = now();
    for (int step = 0; step < steps; step++) {
      std::vector<int> next;
      for (int s = 0; s < count; s++) {
        float *logits = llama_get_logits_ith(c, step == 0 ? s * 16 + 15 : s);
        next.push_back(std::max_element(logits, logits + vocabulary) - logits);
      }
      b.n_tokens = 0;
      for (int s = 0; s < count; s++) add(next[s], 16 + step, s, true);
      llama_decode(c, b);
    }
    llama_synchronize(c);
    if (run > 0) best = std::max(best, double(steps) * count / (now() - start));
  }
  printf("%s %.1f\n", name, best);
  llama_batch_free(b);
  llama_free(c);
}

int main(int argc, char **argv) {
  if (argc < 3) return 64;
  llama_log_set(quiet, nullptr);
  llama_backend_init();
  int threads = atoi(argv[2]);
  double start = now();
  auto params = llama_model_default_params();
  params.n_gpu_layers = 0;
  auto *model = llama_model_load_from_file(argv[1], params);
  if (!model) return 66;
  printf("load_s %.3f\n", now() - start);
  std::vector<llama_token> ids;
  for (int i = 0; i < 512; i++) ids.push_back((1000 + i * 37 % 5000) % llama_vocab_n_tokens(llama_model_get_vocab(model)));
  auto wanted = [&](const char *row) { return argc < 4 || strcmp(argv[3], row) == 0; };
  if (wanted("prompt512")) prompt(model, threads, ids);
  if (wanted("decode1")) batch(model, threads, ids, "decode1", 1, 64);
  if (wanted("batch8")) batch(model, threads, ids, "batch8", 8, 48);
  if (wanted("batch16")) batch(model, threads, ids, "batch16", 16, 48);
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("peak_mib %ld\n", usage.ru_maxrss / 1024);
}
