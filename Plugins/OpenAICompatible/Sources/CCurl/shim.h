/* libcurl sets options through variadic functions, which Swift cannot call: one function a type of value. */
#ifndef BESPOKE_CCURL_SHIM_H
#define BESPOKE_CCURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*ccurl_receive)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_receive(CURL *handle, CURLoption option, ccurl_receive function) {
  return curl_easy_setopt(handle, option, function);
}

static inline long ccurl_get_long(CURL *handle, CURLINFO info) {
  long value = 0;
  curl_easy_getinfo(handle, info, &value);
  return value;
}

static inline curl_off_t ccurl_get_offset(CURL *handle, CURLINFO info) {
  curl_off_t value = 0;
  curl_easy_getinfo(handle, info, &value);
  return value;
}

static inline const char *ccurl_get_text(CURL *handle, CURLINFO info) {
  const char *value = NULL;
  curl_easy_getinfo(handle, info, &value);
  return value;
}

static inline CURLcode ccurl_result(const CURLMsg *message) { return message->data.result; }

#endif
