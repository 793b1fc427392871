#pragma once

#include <memory>
#include <string>
#include <variant>

#include "engine/gateway/dialect.h"
#include "engine/gateway/put_reader.h"

namespace dkv::http {

// One request of a client in progress: it asks the node once or several times, and then answers. It is a value without
// callbacks, in the manner of Riak's put FSM. Its host carries out each step and reports the result.
//
// A delete without a context, a plain put without one, and a write with a precondition read the key first. Another
// client's write may come between the two, and then it stays as a sibling.
class Exchange {
 public:
  struct GoOn {};  // a part of the work is done: call go_on() again, now or in a later turn
  // ClientRequest: ask the node, and call replied() with its reply. Response: the exchange is over.
  using Next = std::variant<GoOn, ClientRequest, Response>;

  // An exchange that is answered at once.
  static Exchange answered(Response response);
  // dialect: valid forever, see Dialect. asked.request.method is GET, HEAD, PUT, POST or DELETE.
  static Exchange about(const Dialect& dialect, Asked asked);

  // A copy continues independently. An exchange whose body is still being read can't be copied.
  Exchange(const Exchange&);
  Exchange(Exchange&&) noexcept = default;
  Exchange& operator=(Exchange&&) noexcept = default;
  ~Exchange() = default;

  // Call this first, and again after each GoOn.
  Next go_on(Dialect::Teller teller);
  // Call this once after each ClientRequest.
  Next replied(ClientReply&& reply, Dialect::Teller teller);

 private:
  enum class Phase {
    kAnswered,  // response_ is the answer
    kBegins,
    kReadsBody,
    kGets,    // a GET waits for its reply
    kLooks,   // a write waits for the reply of the get before it
    kWrites,  // a write waits for its reply
    kOver,
  };

  Exchange() = default;
  Next begin(Dialect::Teller teller);
  Next read_body(Dialect::Teller teller);
  Next ask_for_write();
  Next write();
  Next looked(ClientReply&& reply, Dialect::Teller teller);
  Next over(Response&& response);

  Phase phase_ = Phase::kAnswered;
  const Dialect* dialect_ = nullptr;
  Asked asked_;
  std::unique_ptr<PutReader> reader_;  // of a put, until the body is read
  ClientRequest write_;                // of a put or delete
  Response response_;
};

}  // namespace dkv::http
