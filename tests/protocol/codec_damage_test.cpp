// Frames that were damaged on their way, or that a faulty peer sent.
#include <algorithm>
#include <string>

#include "engine/core/hash.h"
#include "tests/catch.h"
#include "tests/protocol/frame_builder.h"
#include "tests/protocol/sample_messages.h"

namespace dkv::testing {
namespace {

// A deterministic stream of numbers.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t next() { return mix64(seed_ += 0x9e3779b97f4a7c15ULL); }
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

 private:
  std::uint64_t seed_;
};

// Makes one random change after the header.
void mutate(std::string& frame, const std::string& other, Draw& draw) {
  const std::size_t body = frame.size() - kFrameHeaderBytes;
  const std::size_t choice = draw.below(7);
  const std::size_t at = kFrameHeaderBytes + draw.below(body + 1);
  if (choice == 0) {
    frame.insert(at, 1, static_cast<char>(draw.next()));
  } else if (choice == 1) {
    const std::size_t from = kFrameHeaderBytes + draw.below(other.size() - kFrameHeaderBytes + 1);
    frame = frame.substr(0, at) + other.substr(from);
  } else if (at == frame.size()) {
    return;
  } else if (choice == 2) {
    frame.erase(at, 1 + draw.below(8));
  } else if (choice == 3) {
    frame[at] = static_cast<char>(frame[at] ^ (1u << draw.below(8)));
  } else if (choice == 4) {
    frame[at] = static_cast<char>(static_cast<unsigned char>(frame[at]) + (draw.below(2) == 0 ? 1 : 255));
  } else if (choice == 5) {
    frame[at] = static_cast<char>(draw.below(2) == 0 ? 0xff : 0x00);
  } else {
    const std::size_t bytes = std::min<std::size_t>(frame.size() - at, 1 + draw.below(8));
    frame.replace(at, bytes, bytes, '\xff');
  }
}

TEST_CASE("every truncation of a frame is an error") {
  for (const Sample& sample : sample_messages()) {
    const std::string frame = encoded(sample.message);
    for (std::size_t bytes = 0; bytes < frame.size(); ++bytes) {
      INFO(sample.name << " cut to " << bytes << " of " << frame.size() << " bytes");
      REQUIRE_FALSE(error_of(frame.substr(0, bytes)).empty());
    }
  }
}

TEST_CASE("every truncation of a body in an otherwise correct frame is an error that names the message") {
  for (const Sample& sample : sample_messages()) {
    const std::string frame = encoded(sample.message);
    const std::string name = message_name(sample.message);
    for (std::size_t bytes = kFrameHeaderBytes; bytes < frame.size(); ++bytes) {
      INFO(sample.name << " cut to " << bytes << " of " << frame.size() << " bytes");
      const std::string error = error_of(resealed(frame.substr(0, bytes)));
      REQUIRE(error.substr(0, name.size() + 1) == name + ".");
    }
  }
}

TEST_CASE("every single flipped bit is an error") {
  for (const Sample& sample : sample_messages()) {
    const std::string frame = encoded(sample.message);
    for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
      std::string flipped = frame;
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1u << bit % 8));
      INFO(sample.name << " with bit " << bit << " flipped");
      REQUIRE_FALSE(error_of(flipped).empty());
    }
  }
}

TEST_CASE("a damaged body under a correct checksum is an error or a message with exactly that encoding") {
  const std::vector<Sample> samples = sample_messages();
  std::vector<std::string> frames;
  for (const Sample& sample : samples) frames.push_back(encoded(sample.message));
  int errors = 0;
  int valid = 0;
  for (std::uint64_t run = 0; run < 50'000; ++run) {
    Draw draw(run);
    std::string frame = frames[draw.below(frames.size())];
    const std::string& other = frames[draw.below(frames.size())];
    for (std::size_t changes = 1 + draw.below(3); changes > 0; --changes) mutate(frame, other, draw);
    frame = resealed(frame);
    const Result<Message> message = decode_frame(frame);
    if (!message) {
      ++errors;
      if (message.error().what.find(": ") == std::string::npos) FAIL("run " << run << ": " << message.error().what);
      continue;
    }
    ++valid;
    if (encoded(*message) != frame) FAIL("run " << run << ": decodes, but encodes to other bytes");
  }
  // Both outcomes are frequent. Otherwise the mutations would be too coarse or too mild to prove anything.
  REQUIRE(errors > 10'000);
  REQUIRE(valid > 5'000);
}

}  // namespace
}  // namespace dkv::testing
