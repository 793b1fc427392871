// Sessions that commands create, and questions of observers about all sessions.
#include <algorithm>

#include "engine/core/assert.h"
#include "sim/clients/clients.h"

namespace dkv::sim {

void Clients::command(const Command& command, ClientHost& host) {
  DKV_ASSERT(command.kind == CommandKind::kPut || command.kind == CommandKind::kDelete);
  const Key key = *Key::make(command.bucket, command.key);
  const auto known = std::ranges::find(*keys_, key);
  const auto key_index = static_cast<std::uint32_t>(known - keys_->begin());
  if (known == keys_->end()) {
    auto keys = std::make_shared<std::vector<Key>>(*keys_);
    keys->push_back(key);
    keys_ = std::move(keys);
  }
  const bool remove = command.kind == CommandKind::kDelete;
  auto step = std::make_shared<Step>();
  step->at_ns = host.now_ns();
  step->session = "you";
  step->kind = remove ? StepKind::kDelete : StepKind::kPut;
  step->bucket = command.bucket;
  step->key = command.key;
  step->value = command.value;
  step->blind = command.blind;
  step->via = command.via;
  command_steps_.push_back(step);

  // A session that waits for an earlier command is not used.
  std::uint32_t number = spec().clients;
  while (number < sessions_.size() && (!sessions_[number].steps.empty() || sessions_[number].busy)) ++number;
  if (number == sessions_.size()) sessions_.emplace_back().name = step->session;
  Session& session = sessions_[number];
  session.home = command.via;
  session.step = step.get();
  session.second_half = false;
  session.due_ns = host.now_ns();
  session.key_index = key_index;
  if (command.blind) {
    session.plan = Plan::kBlindPut;
    start_write(number, {.blind = true, .remove = remove, .value = Blob(command.value)}, host);
  } else {
    session.plan = remove ? Plan::kRemove : Plan::kUpdate;
    start_get(number, host);
  }
}

std::vector<RunningOperation> Clients::running() const {
  std::vector<RunningOperation> operations;
  for (std::uint32_t number = 0; number < sessions_.size(); ++number) {
    const Session& session = sessions_[number];
    if (!session.busy) continue;
    operations.push_back({.session = number,
                          .session_name = session_name(number),
                          .kind = session.kind,
                          .key = &session.request.key,
                          .via = session.via,
                          .due_ns = session.second_half ? session.started_ns : session.due_ns,
                          .started_ns = session.started_ns,
                          .give_up_ns = session.give_up_ns});
  }
  return operations;
}

std::uint64_t Clients::copy_bytes() const noexcept {
  std::uint64_t bytes = sizeof(*this) + sessions_.size() * sizeof(Session) + step_tags_.size() * sizeof(WriteTag);
  for (const Session& session : sessions_) {
    bytes += session.memory.bucket_count() * (sizeof(std::pair<std::uint32_t, Memory>) + 1);
    bytes += session.steps.size() * sizeof(std::uint32_t);
  }
  return bytes;
}

}  // namespace dkv::sim
