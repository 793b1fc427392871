#pragma once

#include <optional>

#include "engine/gateway/exchange.h"
#include "engine/gateway/host.h"
#include "engine/gateway/settings.h"

namespace dkv::http {

// The object layer of the HTTP API, without sockets: an exchange carries out a request and ends in a response. Its
// routes:
//
//   GET HEAD PUT DELETE      /api/v1/kv/{key}                 JSON, see plain.h; ?bucket= names another bucket
//   GET HEAD PUT POST DELETE /buckets/{bucket}/keys/{key}     as Riak KV has them, see riak.h
//   POST                     /buckets/{bucket}/keys           stores under a new unique name
//   GET HEAD                 /buckets/{bucket}/props          the bucket's properties
//   the older /riak/{bucket}[/{key}], /ping, and / with the list of resources
//
// Features of Riak that this store does not offer (lists of keys and buckets, secondary indexes, map-reduce) answer 501
// with an explanation.
class Gateway {
 public:
  explicit Gateway(GatewaySettings settings) : settings_(std::move(settings)) {}

  // Empty when the path is none of these routes. The request is then unchanged.
  std::optional<Exchange> open(Request& request, GatewayHost& host) const;

  Exchange::Next go_on(Exchange& exchange, GatewayHost& host) const { return exchange.go_on({settings_, host}); }
  Exchange::Next replied(Exchange& exchange, ClientReply&& reply, GatewayHost& host) const {
    return exchange.replied(std::move(reply), {settings_, host});
  }

 private:
  Exchange open_plain(Request&& request, GatewayHost& host) const;
  Exchange open_riak(Request&& request, GatewayHost& host) const;
  Exchange open_bucket(Request&& request, const std::string& bucket, GatewayHost& host) const;
  // location: see Asked.
  Exchange open_object(const Dialect& dialect, Request&& request, const std::string& bucket, const std::string& name,
                       std::string location, GatewayHost& host) const;

  GatewaySettings settings_;
};

}  // namespace dkv::http
