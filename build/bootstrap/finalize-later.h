// Included before the sources of better-sqlite3 when they are compiled for the test build of Electron.
//
// An addon that names itself experimental, as it must to get Node-API 10 in Node 20, has its finalizers called within
// the garbage collection. Those of better-sqlite3 delete references and close statements there, which Node 20.18
// answers by ending the process. Every released Node-API version calls them afterwards; so does this.

#include <node_api.h>

// Exported by Node 20.10 and newer; node-api-headers leaves out what is experimental.
extern "C" napi_status NAPI_CDECL node_api_post_finalizer(napi_env env, napi_finalize callback, void* data, void* hint);

struct LateFinalizer {
  napi_finalize callback;
  void* hint;
};

inline void run_late(napi_env env, void* data, void* hint) {
  auto* finalizer = static_cast<LateFinalizer*>(hint);
  finalizer->callback(env, data, finalizer->hint);
  delete finalizer;
}

inline void finalize_later(napi_env env, void* data, void* hint) {
  node_api_post_finalizer(env, run_late, data, hint);
}

inline napi_status wrap_late(napi_env env, napi_value object, void* data, napi_finalize callback, void* hint, napi_ref* result) {
  return napi_wrap(env, object, data, finalize_later, new LateFinalizer{callback, hint}, result);
}

inline napi_status add_finalizer_late(napi_env env, napi_value object, void* data, napi_finalize callback, void* hint, napi_ref* result) {
  return napi_add_finalizer(env, object, data, finalize_later, new LateFinalizer{callback, hint}, result);
}

#define napi_wrap wrap_late
#define napi_add_finalizer add_finalizer_late
