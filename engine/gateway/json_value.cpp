#include "engine/gateway/json_value.h"

#include <algorithm>

#include "engine/gateway/message.h"

namespace dkv::http {
namespace {

bool is_plain(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

}  // namespace

void escape_json(std::string_view text, std::string& out) {
  constexpr const char* kDigits = "0123456789abcdef";
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out.append(text.substr(0, plain));
    if (plain == text.size()) return;
    const char c = text[plain];
    text.remove_prefix(plain + 1);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        const char unit[] = {'\\', 'u', '0', '0', kDigits[static_cast<unsigned char>(c) >> 4], kDigits[c & 15]};
        out.append(unit, sizeof unit);
    }
  }
}

JsonValueWriter::JsonValueWriter(std::string_view bytes, bool said_json)
    : bytes_(bytes), step_(said_json ? Step::kCheckJson : Step::kCheckText) {
  if (said_json) json_.emplace(JsonReader::Purpose::kCheck);
}

bool JsonValueWriter::next(std::string& out, std::size_t& left) {
  while (step_ != Step::kDone) {
    std::size_t count = std::min(left, bytes_.size() - at_);
    // Three bytes become four characters, and only the last group may have padding.
    if (step_ == Step::kWriteBase64 && count < bytes_.size() - at_) count -= count % 3;
    if (count == 0 && at_ < bytes_.size()) {
      left = 0;
      return false;
    }
    const Step next = work(bytes_.substr(at_, count), at_ + count == bytes_.size(), out);
    left -= count;
    at_ = next == step_ ? at_ + count : 0;
    step_ = next;
  }
  return true;
}

JsonValueWriter::Step JsonValueWriter::work(std::string_view piece, bool last, std::string& out) {
  switch (step_) {
    case Step::kCheckJson: {
      const bool good = json_->add(piece) && (!last || json_->end());
      if (good && !last) return step_;
      json_.reset();
      if (!good) return Step::kCheckText;
      out += "\"value\":";
      return Step::kWriteJson;
    }
    case Step::kCheckText: {
      const bool good = text_.add(piece) && (!last || text_.complete());
      if (good && !last) return step_;
      out += "\"value\":\"";
      return good ? Step::kWriteText : Step::kWriteBase64;
    }
    case Step::kWriteJson: out += piece; break;
    case Step::kWriteText:
      escape_json(piece, out);
      if (last) out += '"';
      break;
    case Step::kWriteBase64:
      out += encode_base64(piece);
      if (last) out += "\",\"encoding\":\"base64\"";
      break;
    case Step::kDone: break;
  }
  return last ? Step::kDone : step_;
}

}  // namespace dkv::http
