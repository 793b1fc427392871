#pragma once

#include "engine/runtime/http/objects.h"

namespace dkv::http {

// GET, HEAD, PUT, DELETE /api/v1/kv/{key} (bucket "default"; ?bucket= names another one): JSON for people and scripts
// that want no contexts. A PUT or DELETE that brings no context replaces what the key holds when it arrives: the node
// reads that first. Writers that do this at the same moment still become siblings, and a GET shows all of them (300).
//
// A large body is read in steps, a turn of the host each.
class KvApi {
 public:
  KvApi(const ServerConfig& config, Ask ask, Later later);
  // False when the path is not this API's.
  bool handle(Request& request, Respond& respond);

 private:
  struct Put;
  void get(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond);
  void put(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond);
  // Goes on with reading the body. False: the put has been asked for, or answered.
  bool read_on(Put& put);
  void ask_for(Put& put);
  void remove(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond);
  // Reads first when the write has no context, to write with that of what was read, and when there is a precondition.
  void look_and_write(Request&& request, ClientRequest&& write, const ObjectParameters& parameters, Respond&& respond);
  void write(ClientRequest&& write, Respond&& respond);

  const ServerConfig& config_;
  Ask ask_;
  Later later_;
};

Response json_error(int status, std::string_view what);

}  // namespace dkv::http
