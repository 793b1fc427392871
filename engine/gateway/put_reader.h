#pragma once

#include <optional>
#include <string>

#include "engine/gateway/body_source.h"
#include "engine/gateway/dialect.h"
#include "engine/gateway/envelope.h"
#include "engine/gateway/json_reader.h"
#include "engine/gateway/utf8.h"

namespace dkv::http {

// Reads the body of a put and wraps the value in its envelope. A large body takes several steps, so that no turn of the
// host is long.
class PutReader {
 public:
  // Takes the body out of asked.request. may_be_json: the body may be JSON that contains the value, as its headers say
  // or as it looks. Otherwise the body is the value. Fails when headers are too many or too long.
  static Result<PutReader> make(bool may_be_json, Asked& asked);

  enum class Step { kMore, kDone, kRefused };
  // kRefused: the body is invalid (400), see refusal(). Do not move the reader after the first step.
  Step step(Asked& asked);
  const std::string& refusal() const noexcept { return refusal_; }

  // Call this after kDone.
  Blob take_value() noexcept { return wrapping_->take(); }
  // The context from the body or the header, in base64; empty: none.
  const std::string& context() const noexcept { return context_; }

 private:
  enum class State { kJson, kText, kWrap };

  Step read_on(Asked& asked);
  Step take_json(Asked& asked);
  Step refuse(std::string what);

  Envelope envelope_;
  std::string context_;
  std::string body_;  // first the client's body, then the value in it
  bool may_be_raw_ = false;
  State state_ = State::kWrap;
  std::size_t at_ = 0;  // within body_
  std::optional<JsonReader> json_;
  Utf8Check text_;
  std::optional<Wrapping> wrapping_;
  std::string refusal_;
};

}  // namespace dkv::http
