#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <system_error>

#include "cli/shrink/shrink_work.h"
#include "cli/terminal/json.h"

namespace dkv::cli {
namespace {

constexpr std::size_t kWordsMax = 64 * 1024;  // of standard error

std::string verdict_text(const sim::Verdict& verdict) {
  Json others = Json::array();
  for (const sim::Failure& failure : verdict.others) {
    if (failure.target.kind != sim::Target::Kind::kBreach) continue;
    others.push_back({static_cast<int>(failure.target.breach), failure.at_ns, failure.key, failure.detail});
  }
  return json_line({{"fails", verdict.fails},
                    {"too_long", verdict.too_long},
                    {"events", verdict.events},
                    {"others", std::move(others)}});
}

std::optional<sim::Verdict> parse_verdict(const std::string& text) {
  const Json json = parse_json(text);
  if (json.is_discarded() || !json.is_object()) return std::nullopt;
  sim::Verdict verdict{.fails = json["fails"], .too_long = json["too_long"], .events = json["events"], .others = {}};
  for (const Json& other : json["others"]) {
    verdict.others.push_back(
        {.target = {.kind = sim::Target::Kind::kBreach, .breach = static_cast<sim::Breach>(other[0].get<int>())},
         .at_ns = other[1],
         .key = other[2],
         .detail = other[3]});
  }
  return verdict;
}

void write_all(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t wrote = ::write(descriptor, text.data() + done, text.size() - done);
    if (wrote < 0 && errno != EINTR) return;
    if (wrote > 0) done += static_cast<std::size_t>(wrote);
  }
}

// In the child. Its standard error goes to the parent, who tells why it ended.
[[noreturn]] void play_and_answer(const sim::Scenario& candidate, const sim::Target& target, std::uint64_t events_max,
                                  std::uint64_t* played, int answer) {
  sim::Trial trial(candidate, target, events_max);
  while (trial.advance(1)) *played = trial.events();
  write_all(answer, verdict_text(trial.verdict()));
  ::_exit(0);
}

void make_pipe(int (&ends)[2]) {
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
}

std::string read_all(int descriptor, std::size_t most) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::read(descriptor, buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return text;
    text.append(buffer, std::min(static_cast<std::size_t>(got), most - std::min(most, text.size())));
  }
}

// The last line, without the way to the sources that the compiler was told.
std::string last_words(std::string text, int status) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  text.erase(0, text.find_last_of('\n') + 1);
  while (text.starts_with("../")) text.erase(0, 3);
  if (!text.empty()) return text;
  return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                             : "exit status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

TrialProcess::TrialProcess(const sim::Scenario& candidate, const sim::Target& target, std::uint64_t events_max) {
  int answer[2], words[2];
  make_pipe(answer);
  make_pipe(words);
  void* const page = ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  played_ = new (page) std::uint64_t(0);
  std::fflush(stdout);
  std::fflush(stderr);
  pid_ = ::fork();
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGINT, SIG_IGN);  // the parent decides when the search ends
    std::signal(SIGTERM, SIG_DFL);
    std::signal(SIGABRT, SIG_DFL);
    ::dup2(words[1], STDERR_FILENO);
    play_and_answer(candidate, target, events_max, played_, answer[1]);
  }
  ::close(answer[1]);
  ::close(words[1]);
  answer_ = answer[0];
  words_ = words[0];
}

TrialProcess::~TrialProcess() {
  if (!verdict_) ::kill(pid_, SIGKILL);
  if (!verdict_) ::waitpid(pid_, nullptr, 0);
  ::close(answer_);
  ::close(words_);
  ::munmap(played_, sizeof(std::uint64_t));
}

bool TrialProcess::read() {
  char buffer[4096];
  const ssize_t got = ::read(answer_, buffer, sizeof(buffer));
  if (got < 0) return false;
  answer_text_.append(buffer, static_cast<std::size_t>(got));
  if (got == 0) finish();
  return got == 0;
}

void TrialProcess::finish() {
  const std::string words = read_all(words_, kWordsMax);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) verdict_ = parse_verdict(answer_text_);
  if (verdict_) return;
  aborted_ = sim::Failure{
      .target = {.kind = sim::Target::Kind::kAborted, .why = last_words(words, status), .events_before = *played_},
      .detail = "after " + std::to_string(*played_) + " events"};
  verdict_ = sim::Verdict{.events = *played_, .others = {*aborted_}};
}

}  // namespace dkv::cli
