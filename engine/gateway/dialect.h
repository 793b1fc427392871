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
  std::string location;  // of an object that the store has named; empty: the client named it
};

// How a family of routes reports the outcome of a request. Dialects hold no state, and a pointer to one is valid
// forever.
class Dialect {
 public:
  struct Teller {
    const GatewaySettings& settings;
    GatewayHost& host;
  };

  // For a request that cannot be carried out. The node was not asked. status: 4xx or 5xx.
  virtual Response refusal(int status, std::string_view what, Teller teller) const = 0;
  // For a reply whose outcome is not kDone.
  Response failure(const ClientReply& reply, const Asked& asked, Teller teller) const;
  virtual Response not_found(const ClientReply& reply, const Asked& asked, Teller teller) const;
  Response precondition_failed(const ClientReply& reply, const Asked& asked, Teller teller) const;
  // For a GET or HEAD that is done, found or not. Evaluates the preconditions.
  virtual Response got(const ClientReply& reply, const Asked& asked, Teller teller) const = 0;
  // For a write that is done. write: the request to the node.
  virtual Response written(const ClientReply& reply, const ClientRequest& write, const Asked& asked,
                           Teller teller) const = 0;
  // The validators for a write's preconditions. Null: nothing is stored.
  virtual Validators validators(const Object* object) const = 0;
  // The methods of a key's route, for the header Allow.
  virtual const char* methods() const noexcept = 0;
  // True: the body of a put may be JSON that contains the value. False: the body is the value.
  virtual bool put_may_be_json() const noexcept = 0;
  // True: a put without a context replaces the key's versions at its arrival. False: it becomes a sibling.
  virtual bool blind_put_replaces() const noexcept = 0;

 protected:
  ~Dialect() = default;

 private:
  // A refusal with the headers that tell of the reply.
  Response refusal_after(const ClientReply& reply, const Asked& asked, int status, std::string_view what,
                         Teller teller) const;
};

}  // namespace dkv::http
