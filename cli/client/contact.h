#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/client/http_client.h"
#include "engine/core/result.h"

namespace dkv::cli {

// The servers that a command may ask: the given address, else $DISTRI_KV_AT, else the running nodes of the local
// cluster, else 127.0.0.1:8098.
Result<std::vector<Address>> contacts(const std::string& at);

// Uses the first of several servers that can be reached, and only that one from then on.
class Contact {
 public:
  // servers must not be empty.
  Contact(std::vector<Address> servers, TimeNs timeout_ns);

  tl::expected<HttpAnswer, HttpFailure> ask(const HttpRequest& request);
  tl::expected<HttpAnswer, HttpFailure> get(std::string target);
  // The server that answered, or the one to ask next.
  const Address& server() const noexcept { return client_.server(); }

 private:
  std::vector<Address> others_;  // in order
  TimeNs timeout_ns_;
  HttpClient client_;
};

}  // namespace dkv::cli
