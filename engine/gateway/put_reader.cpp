#include "engine/gateway/put_reader.h"

#include "engine/core/assert.h"
#include "engine/input/units.h"

namespace dkv::http {
namespace {

// A body without a content type may be the JSON of a plain put or the value itself. Above this size it is the value.
constexpr std::size_t kGuessedBytesMax = 1u << 20;
constexpr const char* kPlainText = "text/plain; charset=utf-8";

}  // namespace

Result<PutReader> PutReader::make(bool may_be_json, Asked& asked) {
  auto envelope = envelope_of(asked.request);
  if (!envelope) return tl::unexpected(std::move(envelope.error()));
  PutReader reader;
  reader.body_ = std::move(asked.request.body);
  asked.request.body.clear();
  if (const std::string* context = asked.request.header("x-riak-vclock")) reader.context_ = *context;
  if (may_be_json) {
    const bool says_json = envelope->content_type.starts_with("application/json");
    const bool says_nothing = asked.request.header("content-type") == nullptr ||
                              envelope->content_type == "application/x-www-form-urlencoded";
    reader.may_be_raw_ = !says_json;
    const bool looks_plain = reader.body_.starts_with('{') && reader.body_.size() <= kGuessedBytesMax;
    if (says_json || (says_nothing && looks_plain)) {
      reader.state_ = State::kJson;
      reader.json_.emplace(JsonReader::Purpose::kPlainPut, reader.body_.size());
    } else if (says_nothing) {
      reader.state_ = State::kText;
    }
  }
  reader.envelope_ = std::move(*envelope);
  return reader;
}

PutReader::Step PutReader::refuse(std::string what) {
  refusal_ = std::move(what);
  return Step::kRefused;
}

PutReader::Step PutReader::step(Asked& asked) {
  DKV_ASSERT(refusal_.empty());
  if (state_ != State::kWrap) return read_on(asked);
  if (!wrapping_) wrapping_.emplace(envelope_, body_);
  if (!wrapping_->step()) return Step::kMore;
  std::string().swap(body_);
  return Step::kDone;
}

PutReader::Step PutReader::read_on(Asked& asked) {
  const std::string_view piece = std::string_view(body_).substr(at_, BodySource::kPieceBytes);
  at_ += piece.size();
  DKV_ASSERT(at_ <= body_.size());
  const bool last = at_ == body_.size();
  const bool json = state_ == State::kJson;
  const bool good =
      json ? json_->add(piece) && (!last || json_->end()) : text_.add(piece) && (!last || text_.complete());
  if (good && !last) return Step::kMore;
  state_ = State::kWrap;
  if (!json) {
    if (good) envelope_.content_type = kPlainText;
    return Step::kMore;
  }
  if (may_be_raw_ && (!good || !json_->has_value())) {
    json_.reset();
    at_ = 0;
    state_ = State::kText;
    return Step::kMore;
  }
  if (!good) return refuse("the body is no JSON, or deeper than " + std::to_string(kJsonDepthMax) + " levels");
  return take_json(asked);
}

PutReader::Step PutReader::take_json(Asked& asked) {
  auto plain = json_->take_put();
  if (!plain) return refuse(plain.error().what);
  envelope_.content_type = plain->content_type;
  body_ = std::move(plain->value);
  if (plain->context) context_ = std::move(*plain->context);
  if (plain->ttl) {
    const auto ttl = parse_duration(*plain->ttl);
    if (!ttl || *ttl < kMillisecond) return refuse("\"ttl\" is no duration such as 30s");
    asked.parameters.ttl_ns = *ttl;
  }
  json_.reset();
  return Step::kMore;
}

}  // namespace dkv::http
