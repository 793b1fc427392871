#pragma once

#include <string>
#include <string_view>

#include "engine/core/key.h"
#include "engine/gateway/host.h"
#include "engine/gateway/message.h"
#include "engine/gateway/objects.h"
#include "engine/gateway/parameters.h"
#include "engine/gateway/preconditions.h"
#include "engine/gateway/settings.h"

namespace dkv::http {

// A client's request for one object.
struct Asked {
  Request request;  // its body is moved out when it is read
  Key key;
  ObjectParameters parameters;
  std::string location;  // of an object whose name the store has made; empty: the client named it
};

// How a family of routes tells what came of a request. The dialects hold no state; a pointer to one is good for ever.
class Dialect {
 public:
  struct Teller {
    const GatewaySettings& settings;
    GatewayHost& host;
  };

  // The request can't be carried out, and nothing was asked of the node. status: 4xx or 5xx.
  virtual Response refusal(int status, std::string_view what, Teller teller) const = 0;
  // The reply's outcome is not kDone.
  virtual Response failure(const ClientReply& reply, Teller teller) const = 0;
  virtual Response not_found(const ClientReply& reply, Teller teller) const = 0;
  virtual Response precondition_failed(const ClientReply& reply, Teller teller) const = 0;
  // A GET or HEAD is done: found or not. Judges the preconditions.
  virtual Response got(const ClientReply& reply, const Asked& asked, Teller teller) const = 0;
  // A write is done. value: of a put, as it was asked for.
  virtual Response written(const ClientReply& reply, const ClientRequest& write, const Asked& asked,
                           Teller teller) const = 0;
  // What a precondition of a write is held against. Null: nothing is stored.
  virtual Validators validators(const Object* object) const = 0;
  // For the header Allow: what a key takes.
  virtual const char* methods() const noexcept = 0;
  // The body of a put may be JSON with the value in it. Otherwise it is the value.
  virtual bool put_may_be_json() const noexcept = 0;
  // A put without a context replaces what the key holds when it arrives. Otherwise it becomes a sibling.
  virtual bool blind_put_replaces() const noexcept = 0;

 protected:
  ~Dialect() = default;
};

}  // namespace dkv::http
