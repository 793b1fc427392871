// Gets: a write that was missed, siblings, and the states that an answer was made of.
#include <fmt/format.h>

#include <algorithm>

#include "sim/story/text.h"
#include "sim/why/copies.h"
#include "sim/why/questions.h"
#include "sim/why/silence.h"

namespace dkv::why {
namespace {

// A state that the coordinator had when it answered.
struct Answer {
  NodeId node = kNoNode;
  Moment when;        // it reached the coordinator
  ObjectPtr object;   // null: nothing
  bool exact = true;  // false: the state is that of the process when the get began, which may have changed
};

std::vector<Answer> answers_of(const Case& about, const Operation& get) {
  std::vector<Answer> answers;
  for (const Contact& contact : get.contacts) {
    if (!contact.own && contact.answer_arrived.by(get.replied)) {
      answers.push_back({contact.node, contact.answer_arrived, contact.answer});
    }
  }
  // The coordinator asks itself without a message. It has answered when the others do not make up the count.
  const NodeId own = get.coordinator;
  if (own != kNoNode && about.is_primary(get.key, own) && answers.size() < get.acks.total) {
    Answer answer{.node = own, .when = get.coordinated.happened() ? get.coordinated : get.replied};
    const std::uint32_t index = about.index_of(get.key);
    for (const Change& change : about.record.changes) {
      if (change.key != index || change.node != own || change.owner != kNoNode || change.on_disk) continue;
      if (change.when.event <= answer.when.event) answer.object = change.after;
      if (change.when.event > answer.when.event && change.when.event <= get.replied.event) answer.exact = false;
    }
    answers.push_back(std::move(answer));
  }
  std::ranges::stable_sort(answers, {}, [](const Answer& answer) { return answer.when.event; });
  return answers;
}

void tell_get(const Case& about, const Operation& get, const std::vector<Answer>& answers, Steps& steps) {
  steps.add_request(get.asked, get.via,
                    fmt::format("{} asks {} for {} ({})", get.who, about.name(get.via), story::shown(get.key.key(), 24),
                                about.quorum_of(get)));
  for (const Answer& answer : answers) {
    std::string text =
        answer.node == get.coordinator
            ? fmt::format("{} reads its own copy: {}", about.name(answer.node), about.called(answer.object))
            : fmt::format("{} answers with {}", about.name(answer.node), about.called(answer.object));
    if (answer.exact) {
      steps.add(answer.when, answer.node, std::move(text));
    } else {
      steps.add_unproven(answer.when, answer.node, text + "; its copy changed before the get ended");
    }
  }
}

// The node answered without the write. It never had it, had it no more, or had it not yet.
void tell_absence(const Case& about, const Answer& answer, const Operation& write, Steps& steps) {
  const WriteTag tag = write.tag;
  const Copy* before = nullptr;
  const Copy* after = nullptr;
  const std::vector<Copy> copies = copies_of(about, write.key, tag);
  for (const Copy& copy : copies) {
    if (copy.node != answer.node || copy.owner != kNoNode) continue;
    if (copy.taken->when.event > answer.when.event) {
      if (!after) after = &copy;
    } else if (copy.gone && copy.gone->when.event <= answer.when.event) {
      before = &copy;
    }
  }
  if (before) {
    const Taking taking = taking_of(about, *before, tag);
    if (taking.fault) steps.add_fault(*taking.fault);
    if (taking.taker == Taker::kUnknown) {
      return steps.add_unproven(
          before->gone->when, answer.node,
          fmt::format("{} no longer has {}; no event shows what took it", about.name(answer.node), short_name(tag)));
    }
    return;  // tell_copies() has told it
  }
  if (!about.is_primary(write.key, answer.node)) {
    return steps.add(answer.when, answer.node,
                     fmt::format("{} is no replica of the key: it answers with its hints, and none has {}",
                                 about.name(answer.node), short_name(tag)));
  }
  const Silent silent = silence_of(about, write, answer.node, answer.when);
  tell_silence(about, silent, answer.node, steps);
  if (silent.how == Silence::kNone) {
    steps.add_unproven(answer.when, answer.node,
                       fmt::format("{} was sent {} and does not show it; no event says why", about.name(answer.node),
                                   short_name(tag)));
  }
  if (after) {
    const std::string from = brought_by(about, after->taken->origin);
    steps.add(after->taken->when, answer.node,
              fmt::format("{} stores {} only now{}", about.name(answer.node), short_name(tag),
                          from.empty() ? "" : ", " + from));
  }
}

// The nodes that held the write, and the reason why their answers did not count.
void tell_holders(const Case& about, const Operation& get, const std::vector<Answer>& answers, const Operation& write,
                  Steps& steps) {
  for (const Copy& copy : copies_of(about, write.key, write.tag)) {
    if (!copy.held_at(get.replied.event)) continue;
    if (std::ranges::find(answers, copy.node, &Answer::node) != answers.end()) continue;
    const std::string what = copy.owner == kNoNode
                                 ? fmt::format("{} holds {}", about.name(copy.node), short_name(write.tag))
                                 : fmt::format("{} holds {} as a hint for {}", about.name(copy.node),
                                               short_name(write.tag), about.name(copy.owner));
    const auto contact = std::ranges::find(get.contacts, copy.node, &Contact::node);
    if (contact == get.contacts.end()) {
      steps.add(get.replied, copy.node, what + ", and was not asked");
    } else {
      steps.add(get.replied, copy.node,
                what + (get.need == 1 ? std::string(", and was asked; one answer was enough, and another came first")
                                      : fmt::format(", and was asked; {} other answers came first", get.need)));
    }
  }
}

// The quorums of the two operations, and whether they had to share a replica.
void tell_quorums(const Case& about, const Operation& get, const Operation& write, Steps& steps) {
  const std::uint32_t n = about.scenario.cluster.replicas;
  const bool sloppy = write.acks.fallback > 0 || get.acks.fallback > 0;
  if (get.need + write.need <= n) {
    steps.because(Gravity::kFinding, get.replied, "the quorums need not share a replica");
    return steps.add(get.replied, get.coordinator,
                     fmt::format("r={} and w={} of n={} (settings): the quorums of this get and of {} need not share a "
                                 "replica",
                                 get.need, write.need, n, short_name(write.tag)));
  }
  const std::uint32_t own = get.acks.total - std::min(get.acks.total, get.acks.fallback);
  steps.because(sloppy ? Gravity::kFinding : Gravity::kSetting, get.replied,
                sloppy ? "stand-ins made up a quorum" : "a replica that had the write does not show it");
  if (sloppy) {
    return steps.add(
        get.replied, get.coordinator,
        fmt::format("r + w is above n, but {} of the {} copies that acknowledged {} and {} of the {} answers "
                    "were from stand-ins, so they need not share a replica (the quorums are sloppy)",
                    write.acks.fallback, write.acks.total, short_name(write.tag), get.acks.fallback, get.acks.total));
  }
  steps.add(get.replied, get.coordinator,
            fmt::format("r={} and w={} of n={}: {} of the replicas that answered must have held {} once", get.need,
                        write.need, n, own + write.acks.primary > n ? own + write.acks.primary - n : 0,
                        short_name(write.tag)));
}

}  // namespace

void explain_answer(const Case& about, const Operation& get, Steps& steps) {
  tell_get(about, get, answers_of(about, get), steps);
  steps.add(get.finished, get.via, fmt::format("{} is shown {}", get.who, about.called(get.answer)));
}

void explain_missed(const Case& about, const Operation& get, WriteTag missed, Steps& steps) {
  const std::vector<Answer> answers = answers_of(about, get);
  const Operation* write = about.record.write(missed);
  if (!write) {
    steps.add_unproven({0, 0}, kNoNode, fmt::format("the request of {} is not in the record", short_name(missed)));
    return explain_answer(about, get, steps);
  }
  tell_write(about, missed, get.finished.event, steps);
  tell_get(about, get, answers, steps);
  for (const Answer& answer : answers) {
    const bool shows = answer.object && std::ranges::any_of(answer.object->siblings(), [&](const Sibling& sibling) {
                         return sibling.tag == missed || about.history.contains(sibling.tag, missed);
                       });
    if (!shows) {
      tell_absence(about, answer, *write, steps);
    } else {
      steps.add_unproven(answer.when, answer.node,
                         fmt::format("{} answered with {}; why the client was not shown it is not known",
                                     about.name(answer.node), short_name(missed)));
    }
  }
  tell_holders(about, get, answers, *write, steps);
  tell_quorums(about, get, *write, steps);
  steps.add_finding(
      get.finished, get.via,
      fmt::format("{} is shown {}, and not {}, which was acknowledged at {}", get.who, about.called(get.answer),
                  about.called(missed), story::clock_time(write->finished.at_ns)));
}

void explain_siblings(const Case& about, const Operation& get, Steps& steps) {
  std::vector<WriteTag> tags;
  if (get.answer) {
    for (const Sibling& sibling : get.answer->siblings()) {
      if (!sibling.tombstone) tags.push_back(sibling.tag);
    }
  }
  for (const WriteTag tag : tags) {
    const Operation* write = about.record.write(tag);
    if (!write) continue;
    steps.add(
        write->asked, write->via,
        fmt::format("{} asks {} to put {}: {}{}", write->who, about.name(write->via), story::shown(write->value, 20),
                    short_name(tag), write->blind ? ", without a context, so it replaces nothing" : ""));
    for (const WriteTag other : tags) {
      if (other >= tag || write->blind) continue;
      const Operation* earlier = about.record.write(other);
      const bool later = earlier && earlier->finished.happened() && earlier->finished.event < write->asked.event;
      steps.add_request(write->asked, write->via,
                        fmt::format("the writer of {} had not seen {}{}", short_name(tag), short_name(other),
                                    later ? ", which was answered before" : ", which was still in progress"));
    }
  }
  explain_answer(about, get, steps);
}

}  // namespace dkv::why
