#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/key.h"
#include "engine/core/quorum.h"
#include "engine/core/types.h"
#include "engine/protocol/client.h"

namespace dkv::sim {

// I12: the questions that a healed and equal cluster must answer. Each key gets, at one node after the other, a get of
// all replicas and a put with the context of that get. After its last node comes a delete with the key's context. All
// must be done. The world carries a question to its node and brings the answer; this class decides what comes next.
class Questions {
 public:
  struct Terms {
    std::uint32_t nodes = 1;
    std::uint32_t replicas = 1;
    QuorumMode mode = QuorumMode::kSloppy;
    std::uint8_t write_need = 1;
    std::uint8_t write_primary = 0;
    std::uint32_t timeout_ms = 1000;
    std::uint32_t at_once = 8;      // keys that are asked about at the same time
    std::uint32_t through_all = 0;  // the first keys, asked through every node; others are asked through one
  };
  struct Question {
    std::uint64_t token = 0;
    NodeId node = kNoNode;
    TimeNs after_ns = 0;  // from now; at least 1
    ClientRequest request;
  };
  // An answer that no healthy cluster gives.
  struct Finding {
    NodeId node = kNoNode;  // that was asked
    Key key;
    RequestKind kind = RequestKind::kGet;
    bool with_context = false;
    std::optional<ClientReply> reply;  // none: no answer came
    std::uint32_t asked = 0;           // how often
  };

  // keys: in the order in which they are asked about. The first one begins at first_node, the next one at the node
  // behind it, and so on.
  Questions(const Terms& terms, std::vector<Key> keys, NodeId first_node);

  // Requests of ordinary clients never carry such a token.
  static bool is_token(std::uint64_t token) noexcept { return (token & kTokenBit) != 0; }
  std::vector<Question> begin();
  // The question that follows the answer; none when this line of questions has come to its end.
  std::optional<Question> answered(std::uint64_t token, const ClientReply& reply);
  // No more answers are expected: each open question is a finding.
  void end();

  bool done() const noexcept { return open_ == 0; }
  std::uint64_t asked() const noexcept { return asked_; }
  // The first kKept, in the order in which they were found.
  static constexpr std::size_t kKept = 10;
  const std::vector<Finding>& findings() const noexcept { return findings_; }

  // The number of questions about `keys` keys, the first `through_all` of them through every node.
  static std::uint64_t count(std::uint64_t keys, std::uint64_t through_all, std::uint32_t nodes) noexcept {
    return 3 * keys + 2 * through_all * (nodes - 1);
  }

 private:
  static constexpr std::uint64_t kTokenBit = std::uint64_t{1} << 63;
  // The state of a node may be at fault for a moment: it finds damage, say, and asks its peers. So it is asked again.
  static constexpr std::uint32_t kTries = 4;
  static constexpr TimeNs kTryAgainAfterNs = 500 * kMillisecond;

  // The questions about one key at a time.
  struct Line {
    bool open = false;
    std::size_t key = 0;
    std::uint32_t visit = 0;  // nodes asked about the key before the present one
    std::uint32_t tries = 0;
    std::uint32_t serial = 0;  // of its questions; makes the token
    RequestKind kind = RequestKind::kGet;
    Context context;
  };
  std::uint32_t visits(std::size_t key) const noexcept { return key < terms_.through_all ? terms_.nodes : 1; }
  NodeId node_of(const Line& line) const noexcept {
    return static_cast<NodeId>((first_node_ + line.key + line.visit) % terms_.nodes);
  }
  bool take_key(Line& line);
  bool advance(Line& line);
  Question ask(std::size_t number, TimeNs after_ns);
  void found(const Line& line, const ClientReply* reply);

  Terms terms_;
  std::vector<Key> keys_;
  NodeId first_node_;
  std::size_t next_key_ = 0;
  std::size_t open_ = 0;
  std::uint64_t asked_ = 0;
  std::vector<Line> lines_;
  std::vector<Finding> findings_;
};

}  // namespace dkv::sim
