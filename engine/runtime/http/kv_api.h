#pragma once

#include "engine/runtime/http/objects.h"

namespace dkv::http {

// GET, HEAD, PUT, DELETE /api/v1/kv/{key} (bucket "default"; ?bucket= names another one): JSON for people and scripts
// that want no contexts. A PUT or DELETE that brings no context replaces what the key holds when it arrives: the node
// reads that first. Writers that do this at the same moment still become siblings, and a GET shows all of them (300).
class KvApi {
 public:
  KvApi(const ServerConfig& config, Ask ask);
  // False when the path is not this API's.
  bool handle(Request& request, Respond& respond);

 private:
  void get(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond);
  void put(Request&& request, const Key& key, ObjectParameters parameters, Respond&& respond);
  void remove(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond);
  // Reads first when the write has no context, to write with that of what was read, and when there is a precondition.
  void look_and_write(Request&& request, ClientRequest&& write, const ObjectParameters& parameters, Respond&& respond);
  void write(ClientRequest&& write, Respond&& respond);

  const ServerConfig& config_;
  Ask ask_;
};

Response json_error(int status, std::string_view what);

}  // namespace dkv::http
