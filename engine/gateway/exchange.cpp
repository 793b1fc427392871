#include "engine/gateway/exchange.h"

#include <utility>

#include "engine/core/assert.h"

namespace dkv::http {

Exchange Exchange::answered(Response response) {
  Exchange exchange;
  exchange.response_ = std::move(response);
  return exchange;
}

Exchange Exchange::about(const Dialect& dialect, Asked asked) {
  Exchange exchange;
  exchange.phase_ = Phase::kBegins;
  exchange.dialect_ = &dialect;
  exchange.asked_ = std::move(asked);
  return exchange;
}

Exchange::Exchange(const Exchange& other)
    : phase_(other.phase_),
      dialect_(other.dialect_),
      asked_(other.asked_),
      write_(other.write_),
      response_(other.response_) {
  DKV_ASSERT(!other.reader_);
}

Exchange::Next Exchange::go_on(Dialect::Teller teller) {
  DKV_ASSERT(phase_ == Phase::kAnswered || phase_ == Phase::kBegins || phase_ == Phase::kReadsBody);
  if (phase_ == Phase::kAnswered) return over(std::move(response_));
  return phase_ == Phase::kBegins ? begin(teller) : read_body(teller);
}

Exchange::Next Exchange::replied(ClientReply&& reply, Dialect::Teller teller) {
  DKV_ASSERT(phase_ == Phase::kGets || phase_ == Phase::kLooks || phase_ == Phase::kWrites);
  if (reply.outcome != Outcome::kDone) return over(dialect_->failure(reply, asked_, teller));
  if (phase_ == Phase::kGets) return over(dialect_->got(reply, asked_, teller));
  if (phase_ == Phase::kWrites) return over(dialect_->written(reply, write_, asked_, teller));
  return looked(std::move(reply), teller);
}

Exchange::Next Exchange::over(Response&& response) {
  DKV_ASSERT(phase_ != Phase::kOver);
  phase_ = Phase::kOver;
  reader_.reset();
  return std::move(response);
}

Exchange::Next Exchange::begin(Dialect::Teller teller) {
  switch (asked_.request.method) {
    case Method::kGet:
    case Method::kHead: phase_ = Phase::kGets; return make_get(asked_.key, asked_.parameters);
    case Method::kDelete: {
      auto context = context_of(asked_.request, asked_.key, teller.settings.contexts);
      if (!context) return over(dialect_->refusal(400, context.error().what, teller));
      write_ = make_write(RequestKind::kDelete, asked_.key, asked_.parameters, std::move(*context), {});
      return ask_for_write();
    }
    case Method::kPut:
    case Method::kPost: break;
    case Method::kOptions:
    case Method::kOther: DKV_ASSERT(!"a method without an exchange");
  }
  auto reader = PutReader::make(dialect_->put_may_be_json(), asked_);
  if (!reader) return over(dialect_->refusal(400, reader.error().what, teller));
  reader_ = std::make_unique<PutReader>(std::move(*reader));
  phase_ = Phase::kReadsBody;
  return GoOn{};
}

Exchange::Next Exchange::read_body(Dialect::Teller teller) {
  switch (reader_->step(asked_)) {
    case PutReader::Step::kMore: return GoOn{};
    case PutReader::Step::kRefused: return over(dialect_->refusal(400, reader_->refusal(), teller));
    case PutReader::Step::kDone: break;
  }
  Context seen;
  if (!reader_->context().empty()) {
    auto context = context_of(reader_->context(), asked_.key, teller.settings.contexts);
    if (!context) return over(dialect_->refusal(400, context.error().what, teller));
    seen = std::move(*context);
  }
  write_ = make_write(RequestKind::kPut, asked_.key, asked_.parameters, std::move(seen), reader_->take_value());
  reader_.reset();
  return ask_for_write();
}

Exchange::Next Exchange::ask_for_write() {
  DKV_ASSERT(write_.kind == RequestKind::kPut || write_.kind == RequestKind::kDelete);
  const bool blind = write_.context.seen.empty();
  const bool replaces = write_.kind == RequestKind::kDelete || dialect_->blind_put_replaces();
  if (!(blind && replaces) && !has_preconditions(asked_.request)) return write();
  phase_ = Phase::kLooks;
  return make_get(asked_.key, asked_.parameters);
}

Exchange::Next Exchange::looked(ClientReply&& reply, Dialect::Teller teller) {
  const bool blind = write_.context.seen.empty();
  const bool deletes = write_.kind == RequestKind::kDelete;
  const Validators stored = dialect_->validators(reply.object.get());
  if (blind && deletes && !stored.exists) return over(dialect_->not_found(reply, asked_, teller));
  if (evaluate_preconditions(asked_.request, stored) != Preconditions::kProceed) {
    return over(dialect_->precondition_failed(reply, asked_, teller));
  }
  // The read's context names the replaced versions. A version that came later stays as a sibling.
  if (blind && (deletes || dialect_->blind_put_replaces())) write_.context = std::move(reply.context);
  return write();
}

Exchange::Next Exchange::write() {
  DKV_ASSERT(phase_ != Phase::kWrites && phase_ != Phase::kOver);
  phase_ = Phase::kWrites;
  return write_;
}

}  // namespace dkv::http
