#include "tests/kill/writer.h"

#include <unistd.h>

#include <chrono>

namespace dkv::kill_tests {
namespace {

constexpr std::size_t kInFlightMax = 64;
constexpr std::uint64_t kTurnsATick = 8;

// So small that a life of some milliseconds seals segments, merges and writes snapshots.
StorageOptions options() {
  StorageOptions options;
  options.partitions = 16;
  options.segment_bytes = 64u << 10;
  options.scan_bytes = 8u << 10;
  options.cache_bytes = 64u << 10;
  return options;
}

std::string numbers(std::uint64_t a, std::uint64_t b) {
  return std::to_string(a) + ' ' + std::to_string(b);
}

}  // namespace

Writer::Writer(const std::filesystem::path& folder, const History& history, std::uint64_t seed, int out)
    : folder_(folder), history_(history), random_(seed), out_(out), store_(std::make_unique<Storage>(options())) {}

bool Writer::bad(const std::string& what) {
  say("bad " + what);
  send();
  return false;
}

void Writer::send() {
  for (std::string_view rest = said_; !rest.empty();) {
    const ssize_t sent = ::write(out_, rest.data(), rest.size());
    if (sent <= 0) ::_exit(3);  // the other side is gone
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  said_.clear();
}

bool Writer::run(bool load) {
  if (!recover() || !check()) return false;
  say("ready " + numbers(report_.records, report_.snapshots));
  send();
  if (!load) return true;
  const std::uint32_t epoch = ++history_.epoch_issued;
  say("I " + std::to_string(epoch));
  waiting_.push_back(
      {store_->put({.space = KeySpace::kIdentity, .identity = {{kIdentity, epoch}}}), "A " + std::to_string(epoch)});
  for (;;) {
    write_some();
    read_one();
    // Sent before the disk can know of it.
    send();
    store_->end_turn(outbox_);
    if (!turn()) return false;
    const std::uint64_t merges = store_->stats().merges;
    if (merges != merges_) say("merges " + std::to_string(merges_ = merges));
  }
}

bool Writer::recover() {
  auto files = FileDisk::open(folder_);
  if (!files) return bad(files.error().what);
  auto disk = ThreadedDisk::start(std::move(*files), {});
  if (!disk) return bad(disk.error().what);
  disk_ = std::move(*disk);
  store_->start(outbox_);
  while (!recovered_) {
    if (!turn()) return false;
  }
  // A killed process tears nothing: the operating system keeps all bytes that it has received.
  if (report_.damaged_places > 0) return bad(std::to_string(report_.damaged_places) + " damaged places");
  return true;
}

bool Writer::check_identity() {
  if (history_.epoch_issued == 0) return identity_ ? bad("an identity that nobody wrote") : true;
  if (!identity_) return history_.epoch_floor == 0 ? true : bad("the identity is gone");
  if (identity_->actor.id != kIdentity || identity_->actor.epoch < history_.epoch_floor ||
      identity_->actor.epoch > history_.epoch_issued) {
    return bad("the identity is of epoch " + std::to_string(identity_->actor.epoch) + ", " +
               std::to_string(history_.epoch_floor) + " to " + std::to_string(history_.epoch_issued) + " are possible");
  }
  say("epoch " + std::to_string(identity_->actor.epoch));
  return true;
}

bool Writer::check_names() {
  for (PartitionId partition = 0; partition < store_->options().partitions; ++partition) {
    for (const Key& key : store_->keys(partition, ~std::uint64_t{0})) {
      const auto slot = slot_of(key);
      if (!slot || is_hint(*slot)) return bad("a key that nobody wrote: " + std::string(key.key()));
    }
  }
  for (const HintName& hint : store_->hints()) {
    const auto slot = slot_of(hint.key);
    if (!slot || !is_hint(*slot) || hint.owner != hint_owner(*slot) || hint.created_wall_ns != *slot + 1) {
      return bad("a hint that nobody wrote: " + std::string(hint.key.key()));
    }
  }
  return true;
}

bool Writer::check() {
  checking_ = true;
  if (!check_identity() || !check_names()) return false;
  for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
    const StoreFetch fetched = fetch(slot);
    if (fetched.id != 0) {
      fetching_.emplace(fetched.id, slot);
    } else if (!look_at(slot, fetched.object)) {
      return false;
    }
  }
  while (!fetching_.empty()) {
    if (!turn()) return false;
  }
  checking_ = false;
  return true;
}

bool Writer::look_at(std::uint32_t slot, const ObjectPtr& object) {
  std::uint64_t found = 0;
  if (object) {
    const auto write = write_of(slot, *object);
    if (!write) return bad("slot " + std::to_string(slot) + " holds what nobody wrote");
    found = *write;
  }
  if (!checking_) return true;
  if (const std::string wrong = judge(slot, history_.slots[slot], found); !wrong.empty()) return bad(wrong);
  say("found " + numbers(slot, found));
  return true;
}

StoreFetch Writer::fetch(std::uint32_t slot) {
  return is_hint(slot) ? store_->fetch_hint(hint_owner(slot), slot_key(slot), outbox_)
                       : store_->fetch(slot_key(slot), outbox_);
}

void Writer::write_some() {
  if (waiting_.size() >= kInFlightMax) return;
  const std::uint64_t count = 1 + random_() % 16;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto slot = static_cast<std::uint32_t>(random_() % kSlots);
    const std::uint64_t counter = ++history_.slots[slot].issued;
    say("i " + numbers(slot, counter));
    const Key key = slot_key(slot);
    const ObjectPtr object = erases(slot, counter) ? ObjectPtr() : object_of(slot, counter);
    const AppendId id = store_->put(is_hint(slot) ? Record{.space = KeySpace::kHints,
                                                           .owner = hint_owner(slot),
                                                           .key = key,
                                                           .object = object,
                                                           .created_wall_ns = object ? slot + 1 : 0}
                                                  : Record{.key = key, .object = object});
    waiting_.push_back({id, "a " + numbers(slot, counter)});
  }
}

void Writer::read_one() {
  const auto slot = static_cast<std::uint32_t>(random_() % kSlots);
  const StoreFetch fetched = fetch(slot);
  if (fetched.id != 0) {
    fetching_.emplace(fetched.id, slot);
  } else {
    look_at(slot, fetched.object);
  }
}

// Waits for the disk, if it has something to do.
bool Writer::turn() {
  submit();
  done_.clear();
  disk_->wait(done_);
  for (DiskDone& done : done_) store_->handle(std::move(done), outbox_);
  if (recovered_ && !checking_ && ++turns_ % kTurnsATick == 0) {
    store_->tick(std::chrono::steady_clock::now().time_since_epoch().count(), outbox_);
  }
  submit();
  return take_events();
}

void Writer::submit() {
  for (DiskRequest& request : outbox_.disk_requests()) disk_->submit(std::move(request));
  outbox_.clear();
}

bool Writer::take_events() {
  while (auto event = store_->next_event()) {
    if (auto* recovered = std::get_if<StoreRecovered>(&*event)) {
      recovered_ = true;
      report_ = recovered->report;
      identity_ = recovered->identity;
    } else if (const auto* durable = std::get_if<StoreDurable>(&*event)) {
      durable_ = durable->upto;
    } else if (const auto* fetched = std::get_if<StoreFetched>(&*event)) {
      const auto found = fetching_.find(fetched->fetch);
      if (found == fetching_.end()) return bad("an answer that nobody asked for");
      const std::uint32_t slot = found->second;
      fetching_.erase(found);
      if (!fetched->object) return bad("slot " + std::to_string(slot) + " can't be read");
      if (!look_at(slot, fetched->object)) return false;
    } else if (const auto* damaged = std::get_if<StoreDamaged>(&*event)) {
      return bad("damaged: " + std::string(damaged->key.key()));
    } else {
      return bad(std::get<StoreFailed>(*event).what + ": " + disk_->last_error());
    }
  }
  std::erase_if(waiting_, [&](const Waiting& waiting) {
    if (waiting.id > durable_) return false;
    say(waiting.acknowledgement);
    return true;
  });
  send();
  return true;
}

}  // namespace dkv::kill_tests
