#include "tests/ports/disk_conformance.h"

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "tests/catch.h"

namespace dkv::conformance {
namespace {

using What = decltype(DiskRequest::what);

constexpr FileName segment(std::uint64_t number) {
  return {FileKind::kSegment, number};
}
constexpr FileName snapshot(std::uint64_t number) {
  return {FileKind::kSnapshot, number};
}
Blob blob(const std::string& text) {
  return Blob(text);
}

// Numbers the requests and sorts the answers.
class Disk {
 public:
  explicit Disk(const MakeDiskHost& make) : host(make()) {}

  // Submits all requests before any is answered. Returns the answers in the order of the requests.
  std::vector<DiskDone> ask_all(std::vector<What> questions) {
    const DiskTicket first = next_;
    for (auto& what : questions) host->submit({next_++, std::move(what)});
    auto answers = host->run();
    REQUIRE(answers.size() == questions.size());
    std::sort(answers.begin(), answers.end(), [](const auto& a, const auto& b) { return a.ticket < b.ticket; });
    for (std::size_t i = 0; i < answers.size(); ++i) REQUIRE(answers[i].ticket == first + i);
    return answers;
  }
  DiskDone ask(What what) {
    std::vector<What> one;
    one.push_back(std::move(what));
    return ask_all(std::move(one)).front();
  }

  void create(FileName file, std::uint64_t reserve_bytes = 0) {
    REQUIRE(ask(DiskCreate{file, reserve_bytes}).status == DiskStatus::kOk);
  }
  void append(FileName file, const std::string& text, bool sync = false) {
    REQUIRE(ask(DiskAppend{file, blob(text), sync}).status == DiskStatus::kOk);
  }
  std::string read(FileName file, std::uint64_t offset = 0, std::uint32_t bytes = 1000) {
    const DiskDone done = ask(DiskRead{file, offset, bytes});
    REQUIRE(done.status == DiskStatus::kOk);
    return std::string(done.bytes.view());
  }
  std::vector<std::pair<FileName, std::uint64_t>> list() {
    const DiskDone done = ask(DiskList{});
    REQUIRE(done.status == DiskStatus::kOk);
    std::vector<std::pair<FileName, std::uint64_t>> files;
    for (const auto& file : done.files) files.emplace_back(file.name, file.bytes);
    return files;
  }

  std::unique_ptr<DiskHost> host;

 private:
  DiskTicket next_ = 1;
};

using Files = std::vector<std::pair<FileName, std::uint64_t>>;

void a_created_file_is_empty(Disk& disk) {
  CHECK(disk.list().empty());
  disk.create(segment(1));
  CHECK(disk.list() == Files{{segment(1), 0}});
  CHECK(disk.read(segment(1)).empty());
}

void space_set_aside_is_no_bytes(Disk& disk) {
  disk.create(segment(1), 1 << 20);
  CHECK(disk.list() == Files{{segment(1), 0}});
  disk.append(segment(1), "abc");
  CHECK(disk.list() == Files{{segment(1), 3}});
  CHECK(disk.read(segment(1)) == "abc");
}

void appends_go_on_beyond_the_space_set_aside(Disk& disk) {
  disk.create(segment(1), 100);
  const std::string text(5000, 'x');
  disk.append(segment(1), text);
  disk.append(segment(1), "y", true);
  CHECK(disk.read(segment(1), 0, 6000) == text + 'y');
}

void what_exists_is_not_created_again(Disk& disk) {
  disk.create(segment(1));
  disk.append(segment(1), "kept");
  CHECK(disk.ask(DiskCreate{segment(1), 100}).status == DiskStatus::kFailed);
  CHECK(disk.read(segment(1)) == "kept");
  disk.create(snapshot(1));  // another file
  disk.append(segment(1), " whole");
  CHECK(disk.list() == Files{{segment(1), 10}, {snapshot(1), 0}});
}

void appends_keep_their_order(Disk& disk) {
  disk.create(segment(1));
  std::vector<What> questions;
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const std::string text = std::string(static_cast<std::size_t>(i % 7), 'x') + std::to_string(i);
    questions.push_back(DiskAppend{segment(1), blob(text), i % 50 == 0});
    expected += text;
  }
  for (const auto& done : disk.ask_all(std::move(questions))) CHECK(done.status == DiskStatus::kOk);
  CHECK(disk.read(segment(1), 0, 10000) == expected);
}

void an_empty_append_adds_nothing(Disk& disk) {
  disk.create(segment(1));
  disk.append(segment(1), "");
  disk.append(segment(1), "a");
  disk.append(segment(1), "", true);
  disk.append(segment(1), "b");
  CHECK(disk.read(segment(1)) == "ab");
}

void reads_see_what_was_appended_before_they_were_asked(Disk& disk) {
  disk.create(segment(1));
  const auto answers = disk.ask_all({DiskRead{segment(1), 0, 100}, DiskAppend{segment(1), blob("one"), false},
                                     DiskRead{segment(1), 0, 100}, DiskAppend{segment(1), blob("two"), true},
                                     DiskRead{segment(1), 2, 3}, DiskRead{segment(1), 0, 100}});
  for (const auto& done : answers) CHECK(done.status == DiskStatus::kOk);
  CHECK(answers[0].bytes.empty());
  CHECK(answers[2].bytes.view() == "one");
  CHECK(answers[4].bytes.view() == "etw");
  CHECK(answers[5].bytes.view() == "onetwo");
}

void the_life_of_a_file_goes_by_the_order_asked(Disk& disk) {
  const auto answers =
      disk.ask_all({DiskRead{segment(1), 0, 9}, DiskCreate{segment(1), 0}, DiskAppend{segment(1), blob("here"), false},
                    DiskRead{segment(1), 0, 9}, DiskRemove{segment(1)}, DiskRead{segment(1), 0, 9}});
  CHECK(answers[0].status == DiskStatus::kMissing);
  CHECK(answers[1].status == DiskStatus::kOk);
  CHECK(answers[2].status == DiskStatus::kOk);
  CHECK(answers[3].status == DiskStatus::kOk);
  CHECK(answers[3].bytes.view() == "here");
  CHECK(answers[4].status == DiskStatus::kOk);
  CHECK(answers[5].status == DiskStatus::kMissing);
}

void a_read_ends_with_its_file(Disk& disk) {
  disk.create(segment(1));
  disk.append(segment(1), "0123456789");
  CHECK(disk.read(segment(1), 4, 3) == "456");
  CHECK(disk.read(segment(1), 7, 3) == "789");
  CHECK(disk.read(segment(1), 7, 4) == "789");
  CHECK(disk.read(segment(1), 10, 1).empty());
  CHECK(disk.read(segment(1), 3, 0).empty());
  CHECK(disk.read(segment(1), 1'000'000, 10).empty());
  CHECK(disk.read(segment(1), std::numeric_limits<std::uint64_t>::max(), 10).empty());
}

void a_read_has_a_bound(Disk& disk) {
  disk.create(segment(1));
  std::string text(kDiskReadBytesMax + 1, 'x');
  text.front() = 'a';
  text[kDiskReadBytesMax - 1] = 'y';
  text.back() = 'z';
  disk.append(segment(1), text);
  const std::string most = disk.read(segment(1), 0, kDiskReadBytesMax);
  CHECK(most.size() == kDiskReadBytesMax);
  CHECK((most == text.substr(0, kDiskReadBytesMax)));
  CHECK(disk.read(segment(1), 1, kDiskReadBytesMax).back() == 'z');
  const DiskDone more = disk.ask(DiskRead{segment(1), 0, kDiskReadBytesMax + 1});
  CHECK(more.status == DiskStatus::kFailed);
  CHECK(more.bytes.empty());
}

void what_is_missing_is_said_to_be(Disk& disk) {
  disk.create(snapshot(1));
  const DiskDone done = disk.ask(DiskRead{segment(1), 0, 10});
  CHECK(done.status == DiskStatus::kMissing);
  CHECK(done.bytes.empty());
  CHECK(disk.ask(DiskAppend{segment(1), blob("x"), false}).status != DiskStatus::kOk);
  CHECK(disk.ask(DiskSync{segment(1)}).status != DiskStatus::kOk);
  CHECK(disk.list() == Files{{snapshot(1), 0}});
}

void a_removed_file_is_gone(Disk& disk) {
  for (const auto& file : {segment(1), segment(2), snapshot(1)}) disk.create(file);
  disk.append(segment(1), "x");
  CHECK(disk.ask(DiskRemove{segment(1)}).status == DiskStatus::kOk);
  CHECK(disk.list() == Files{{segment(2), 0}, {snapshot(1), 0}});
  CHECK(disk.ask(DiskRead{segment(1), 0, 1}).status == DiskStatus::kMissing);
  CHECK(disk.ask(DiskAppend{segment(1), blob("x"), true}).status != DiskStatus::kOk);
  disk.host->restart();
  CHECK(disk.list() == Files{{segment(2), 0}, {snapshot(1), 0}});
}

void removing_nothing_is_ok(Disk& disk) {
  CHECK(disk.ask(DiskRemove{segment(7)}).status == DiskStatus::kOk);
  disk.create(segment(8));
  CHECK(disk.ask(DiskRemove{segment(8)}).status == DiskStatus::kOk);
  CHECK(disk.ask(DiskRemove{segment(8)}).status == DiskStatus::kOk);
  CHECK(disk.list().empty());
}

void a_list_ascends(Disk& disk) {
  std::vector<FileName> names{snapshot(2),
                              segment(100),
                              segment(9),
                              snapshot(10),
                              segment(11),
                              segment(1'000'000'000'000),
                              segment(999'999'999'999),
                              segment(std::numeric_limits<std::uint64_t>::max())};
  for (const auto& name : names) disk.create(name);
  std::sort(names.begin(), names.end());
  std::vector<FileName> listed;
  for (const auto& [name, bytes] : disk.list()) listed.push_back(name);
  CHECK((listed == names));
}

void files_of_others_are_left_alone(Disk& disk) {
  for (const char* name :
       {"notes.txt", "1.seg", ".seg", "000000000001", "000000000000.seg", "000000000001.seg.old", "000000000001.tmp",
        "0000000000001.seg", "00000000000x.seg", "+00000000001.seg", "99999999999999999999.seg", "000000000001.SEG"}) {
    if (!disk.host->place_foreign(name)) return;
  }
  CHECK(disk.list().empty());
  disk.create(segment(1));
  disk.append(segment(1), "own");
  CHECK(disk.list() == Files{{segment(1), 3}});
}

void a_restart_finds_what_was_appended(Disk& disk) {
  disk.create(segment(1), 10000);
  disk.create(snapshot(1));
  disk.create(segment(2));
  disk.append(segment(1), "durable", true);
  disk.append(segment(1), " and not");
  disk.append(snapshot(1), "s");
  disk.host->restart();
  CHECK(disk.list() == Files{{segment(1), 15}, {segment(2), 0}, {snapshot(1), 1}});
  CHECK(disk.read(segment(1)) == "durable and not");
  disk.append(segment(1), "!", true);
  CHECK(disk.read(segment(1)) == "durable and not!");
  CHECK(disk.ask(DiskSync{snapshot(1)}).status == DiskStatus::kOk);
  CHECK(disk.ask(DiskCreate{segment(2), 0}).status == DiskStatus::kFailed);
}

void what_was_synced_outlives_a_power_loss(Disk& disk) {
  for (const auto& file : {segment(1), segment(2), segment(3), snapshot(1)}) disk.create(file);
  disk.append(segment(1), "first ");
  disk.append(segment(1), "second", true);
  disk.append(segment(1), " perhaps");
  disk.append(segment(2), "synced");
  CHECK(disk.ask(DiskSync{segment(2)}).status == DiskStatus::kOk);
  disk.append(snapshot(1), "perhaps");
  CHECK(disk.ask(DiskRemove{segment(3)}).status == DiskStatus::kOk);
  if (!disk.host->lose_power()) return;
  const auto files = disk.list();
  REQUIRE(files.size() == 3);
  CHECK((files[0].first == segment(1)));
  CHECK(files[0].second >= 12);
  CHECK(files[0].second <= 20);
  CHECK((files[1].first == segment(2)));
  CHECK(files[1].second == 6);
  CHECK((files[2].first == snapshot(1)));
  CHECK(files[2].second <= 7);
  CHECK(disk.read(segment(1)).substr(0, 12) == "first second");
  CHECK(disk.read(segment(2)) == "synced");
  disk.append(segment(2), " again", true);
  CHECK(disk.read(segment(2)) == "synced again");
}

// A model that keeps every promise immediately.
class Model {
 public:
  DiskDone answer(const What& what) {
    DiskDone done;
    std::visit([&](const auto& request) { carry_out(request, done); }, what);
    return done;
  }
  Files list() const {
    Files result;
    for (const auto& [name, text] : files_) result.emplace_back(name, text.size());
    return result;
  }

 private:
  void carry_out(const DiskCreate& create, DiskDone& done) {
    if (!files_.try_emplace(create.file).second) done.status = DiskStatus::kFailed;
  }
  void carry_out(const DiskAppend& append, DiskDone& done) {
    if (auto* const text = find(append.file, done)) *text += append.bytes.view();
  }
  void carry_out(const DiskSync& sync, DiskDone& done) { find(sync.file, done); }
  void carry_out(const DiskRead& read, DiskDone& done) {
    const auto* const text = find(read.file, done);
    if (text && read.offset < text->size()) done.bytes = blob(text->substr(read.offset, read.bytes));
  }
  void carry_out(const DiskRemove& remove, DiskDone&) { files_.erase(remove.file); }
  void carry_out(const DiskList&, DiskDone&) {}

  std::string* find(FileName file, DiskDone& done) {
    const auto found = files_.find(file);
    if (found == files_.end()) done.status = DiskStatus::kMissing;
    return found == files_.end() ? nullptr : &found->second;
  }

  std::map<FileName, std::string> files_;
};

void whatever_is_asked_at_once_every_file_keeps_its_order(Disk& disk) {
  std::mt19937_64 random(20240607);
  const auto below = [&](std::uint64_t bound) { return random() % bound; };
  Model model;
  std::uint64_t last = 0;  // the newest number; a few earlier ones are in use
  std::set<FileName> removed;
  for (int round = 0; round < 40; ++round) {
    std::vector<What> questions;
    for (int i = 0; i < 50; ++i) {
      const FileName file{below(3) == 0 ? FileKind::kSnapshot : FileKind::kSegment,
                          last - below(std::min<std::uint64_t>(last, 4) + 1) + 1};
      const auto kind = below(20);
      if (kind < 2 && !removed.contains(file)) {
        questions.push_back(DiskCreate{file, below(2) * 4096});
        last = std::max(last, file.number);
      } else if (kind < 9) {
        const auto letter = static_cast<char>('a' + below(26));
        questions.push_back(DiskAppend{file, blob(std::string(below(300), letter)), below(8) == 0});
      } else if (kind == 9) {
        questions.push_back(DiskSync{file});
      } else if (kind == 10 && below(2) == 0) {
        questions.push_back(DiskRemove{file});
        removed.insert(file);
      } else {
        const auto offset = below(2000);
        questions.push_back(DiskRead{file, offset, static_cast<std::uint32_t>(below(500))});
      }
    }
    const auto answers = disk.ask_all(questions);
    for (std::size_t i = 0; i < questions.size(); ++i) {
      INFO("round " << round << ", request " << i << ", of kind " << questions[i].index());
      const DiskDone expected = model.answer(questions[i]);
      const bool no_promise =
          expected.status == DiskStatus::kMissing && !std::holds_alternative<DiskRead>(questions[i]);
      CHECK((no_promise ? answers[i].status != DiskStatus::kOk : answers[i].status == expected.status));
      CHECK(answers[i].bytes.view() == expected.bytes.view());
    }
    if (round % 10 == 9) disk.host->restart();
    CHECK((disk.list() == model.list()));
  }
}

struct Clause {
  const char* name;
  void (*check)(Disk&);
};
constexpr Clause kClauses[] = {
    {"a created file is empty", a_created_file_is_empty},
    {"space set aside is no bytes", space_set_aside_is_no_bytes},
    {"appends go on beyond the space set aside", appends_go_on_beyond_the_space_set_aside},
    {"what exists is not created again", what_exists_is_not_created_again},
    {"appends keep their order", appends_keep_their_order},
    {"an empty append adds nothing", an_empty_append_adds_nothing},
    {"reads see what was appended before they were asked", reads_see_what_was_appended_before_they_were_asked},
    {"the life of a file goes by the order asked", the_life_of_a_file_goes_by_the_order_asked},
    {"a read ends with its file", a_read_ends_with_its_file},
    {"a read has a bound", a_read_has_a_bound},
    {"what is missing is said to be", what_is_missing_is_said_to_be},
    {"a removed file is gone", a_removed_file_is_gone},
    {"removing nothing is ok", removing_nothing_is_ok},
    {"a list ascends", a_list_ascends},
    {"files of others are left alone", files_of_others_are_left_alone},
    {"a restart finds what was appended", a_restart_finds_what_was_appended},
    {"what was synced outlives a power loss", what_was_synced_outlives_a_power_loss},
    {"whatever is asked at once, every file keeps its order", whatever_is_asked_at_once_every_file_keeps_its_order},
};

}  // namespace

void check_disk_conformance(const MakeDiskHost& make_host) {
  for (const auto& clause : kClauses) {
    DYNAMIC_SECTION(clause.name) {
      Disk disk(make_host);
      clause.check(disk);
    }
  }
}

}  // namespace dkv::conformance
