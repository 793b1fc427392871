#include <fmt/format.h>

#include <algorithm>

#include "sim/oracle/findings.h"
#include "sim/story/text.h"
#include "sim/story/words.h"

namespace dkv::story {
namespace {

using sim::OperationKind;
using sim::OperationView;
using sim::StepKind;

std::vector<std::string> live_values(const ObjectPtr& object) {
  std::vector<std::string> values;
  if (!object) return values;
  for (const Sibling& sibling : object->siblings()) {
    if (!sibling.tombstone) values.push_back(shown(sibling.value.view(), 30));
  }
  return values;
}

const char* blind_words(ConflictPolicy policy) {
  return policy == ConflictPolicy::kSiblings
             ? "without a context it replaces nothing, and is concurrent with all present versions"
             : "its writer has seen no version, and last-write-wins keeps only one of all concurrent ones";
}

std::string asked(const OperationView& view, const sim::Scenario& scenario, Why& why) {
  const std::string key = shown(sim::key_text(*view.key));
  const bool add = view.step && view.step->kind == StepKind::kAdd;
  const bool blind = view.step && view.step->blind;
  const std::string via = " via " + node_name(scenario, view.via);
  switch (view.kind) {
    case OperationKind::kGet:
      return add ? fmt::format("reads {}{} to add {}", key, via, shown(view.step->value))
                 : fmt::format("reads {}{}", key, via);
    case OperationKind::kPut: {
      const std::string value = shown(view.value ? view.value->view() : std::string_view(), 50);
      if (add) return fmt::format("writes {} back as {}{}", key, value, via);
      if (!blind) return fmt::format("puts {} into {}{}", value, key, via);
      return fmt::format("puts {} into {}{} blindly", value, key, via) +
             why("blind", blind_words(scenario.cluster.node.policy_of(*view.key)));
    }
    case OperationKind::kDelete: break;
  }
  return fmt::format("deletes {}{}{}", key, via, blind ? " blindly" : "");
}

std::string copies(const AckSummary& acks) {
  std::string text = fmt::format("{} of {} copies durable", acks.total, acks.need);
  if (acks.total > acks.need) text = fmt::format("{} copies durable, {} needed", acks.total, acks.need);
  if (acks.fallback > 0)
    text += acks.fallback == 1 ? ", 1 on a stand-in" : fmt::format(", {} on stand-ins", acks.fallback);
  return text;
}

std::string read_answer(const ClientReply& reply, std::string_view nothing, Why& why) {
  const auto values = live_values(reply.object);
  const std::string answers = fmt::format(" ({} of {} answers)", reply.acks.total, reply.acks.need);
  if (!reply.object) return std::string(nothing) + answers;
  const auto expires = [](const Sibling& sibling) { return sibling.expires_wall_ns != 0; };
  if (values.empty() && std::ranges::all_of(reply.object->siblings(), expires)) {
    return "finds it expired" + answers + why("expiry", "every replica turns it into a tombstone by itself");
  }
  if (values.empty()) {
    return "finds it deleted" + answers + why("tombstone", "a tombstone stays, so that no old copy can come back");
  }
  if (values.size() == 1) return values[0] + answers;
  return fmt::format("{} siblings, {}{}", values.size(), listed(values, 6), answers) +
         why("siblings", "neither writer had seen the other's write, so the store keeps both and a client decides");
}

std::string write_answer(const ClientReply& reply, Why& why) {
  std::string text = fmt::format("done ({})", copies(reply.acks));
  if (reply.acks.fallback > 0) {
    text += why("stand-in", "a sloppy quorum counts the copy on a stand-in for an unreachable primary");
  }
  const auto values = live_values(reply.object);
  if (values.size() > 1) text += fmt::format("; it now has siblings: {}", listed(values, 6));
  return text;
}

}  // namespace

Row row_of_step(const OperationView& view, const sim::Scenario& scenario, std::string_view nothing, Why& why) {
  Row row{.at_ns = view.finished_ns, .who = view.session_name ? view.session_name : "?"};
  row.text = asked(view, scenario, why) + ": ";
  const bool read = view.kind == OperationKind::kGet;
  if (!view.reply) {
    row.tone = Tone::kFault;
    row.text += "no answer in time" + why("gave up", "the client can't know whether it was done");
    return row;
  }
  const ClientReply& reply = *view.reply;
  switch (reply.outcome) {
    case Outcome::kDone: row.text += read ? read_answer(reply, nothing, why) : write_answer(reply, why); break;
    case Outcome::kRefused:
      row.tone = Tone::kFault;
      row.text += fmt::format("refused, because {}", reason_text(reply.reason));
      if (!read) row.text += why("refused", "certainly nothing was written, so the client may safely try again");
      break;
    case Outcome::kUnknown:
      row.tone = Tone::kFault;
      row.text +=
          fmt::format("unknown, {} with {}", reason_text(reply.reason),
                      read ? fmt::format("{} of {} answers", reply.acks.total, reply.acks.need) : copies(reply.acks));
      if (!read) row.text += why("unknown", "copies may exist, and the write may become visible later");
      break;
  }
  return row;
}

}  // namespace dkv::story
