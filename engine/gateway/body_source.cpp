#include "engine/gateway/body_source.h"

#include <algorithm>

#include "engine/gateway/json_value.h"
#include "engine/gateway/message.h"

namespace dkv::http {

BodySource::BodySource() = default;
BodySource::~BodySource() = default;
BodySource::BodySource(BodySource&&) noexcept = default;
BodySource& BodySource::operator=(BodySource&&) noexcept = default;

void BodySource::add_text(std::string_view text) {
  held_ += text.size();
  size_ += text.size();
  if (parts_.empty() || parts_.back().text.empty()) parts_.emplace_back();
  parts_.back().text += text;
}

void BodySource::add_bytes(Blob owner, std::string_view bytes) {
  if (bytes.empty()) return;
  held_ += bytes.size();
  size_ += bytes.size();
  Part& part = parts_.emplace_back();
  part.owner = std::move(owner);
  part.bytes = bytes;
}

void BodySource::add_json_value(Blob owner, std::string_view bytes, bool said_json) {
  held_ += bytes.size();
  size_known_ = false;
  Part& part = parts_.emplace_back();
  part.owner = std::move(owner);
  part.writer = std::make_unique<JsonValueWriter>(bytes, said_json);
}

bool BodySource::next(std::string& out) {
  for (std::size_t left = kPieceBytes; part_ < parts_.size();) {
    Part& part = parts_[part_];
    bool done = false;
    if (part.writer) {
      done = part.writer->next(out, left);
    } else {
      const std::string_view whole = part.text.empty() ? part.bytes : std::string_view(part.text);
      const std::size_t count = std::min(left, whole.size() - at_);
      out.append(whole.substr(at_, count));
      at_ += count;
      left -= count;
      done = at_ == whole.size();
    }
    if (done) {
      part = {};
      ++part_;
      at_ = 0;
    }
    if (left == 0) break;
  }
  return part_ < parts_.size();
}

std::optional<std::uint64_t> BodySource::size() const noexcept {
  return size_known_ ? std::optional(size_) : std::nullopt;
}

void set_body(Response& response, BodySource&& source) {
  if (source.held_bytes() <= kSmallBodyBytes) {
    response.body = whole_body(source);
  } else {
    response.source = std::make_shared<BodySource>(std::move(source));
  }
}

std::string whole_body(BodySource& source) {
  std::string whole;
  while (source.next(whole)) continue;
  return whole;
}

}  // namespace dkv::http
