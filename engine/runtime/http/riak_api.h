#pragma once

#include <cstdint>
#include <string>

#include "engine/runtime/http/objects.h"

namespace dkv::http {

// The routes of Riak KV's HTTP interface, as far as this store has what they mean:
//
//   GET HEAD PUT POST DELETE /buckets/{bucket}/keys/{key}   POST /buckets/{bucket}/keys   GET /buckets/{bucket}/props
//   the older /riak/{bucket}[/{key}], /ping, and / with the list of resources
//
// What is known and not offered (listing keys and buckets, secondary indexes, map-reduce) answers 501 and says so.
class RiakApi {
 public:
  RiakApi(const ServerConfig& config, Ask ask, std::uint64_t key_seed);

  // False when the path is none of these routes; then respond is untouched.
  bool handle(Request& request, Respond& respond);

 private:
  void object(Request&& request, const std::string& bucket, const std::string& key, Respond&& respond);
  void get(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond);
  void put(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond,
           std::string location);
  void remove(Request&& request, const Key& key, const ObjectParameters& parameters, Respond&& respond);
  void insert(Request&& request, const std::string& bucket, Respond&& respond);
  void properties(const Request& request, const std::string& bucket, const Respond& respond) const;
  void write(ClientRequest&& request, Respond&& respond, std::string accept, std::string location);
  Response precondition_failed(const ClientReply& reply) const;

  const ServerConfig& config_;
  Ask ask_;
  std::uint64_t key_seed_;
  std::uint64_t keys_made_ = 0;
};

// What a GET, HEAD or PUT with returnbody says of an object. accept: of the request; vtag: the one sibling that is
// wanted, if any.
Response object_response(const ClientReply& reply, const ServerConfig& config, std::string_view accept,
                         std::string_view vtag);

Response text_response(int status, std::string text);

}  // namespace dkv::http
