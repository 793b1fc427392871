#include "tests/integration/load.h"

#include <algorithm>
#include <random>

#include "tests/catch.h"

namespace dkv::integration {
namespace {

constexpr const char* kContextHeader = "X-Riak-Vclock";
constexpr TimeNs kTimeoutNs = 3 * kSecond;

std::string header_of(const cli::HttpAnswer& answer, const char* name) {
  const std::string* value = answer.header(name);
  return value == nullptr ? std::string() : *value;
}

Outcome outcome_of(int status) {
  if (status / 100 == 2 || status == 300 || status == 404) return Outcome::kDone;
  return status == 504 || status == 500 ? Outcome::kUnknown : Outcome::kRefused;
}

void take_versions(const cli::HttpAnswer& answer, Operation& get) {
  if (answer.status == 200) {
    const std::string tag = header_of(answer, "ETag");
    get.shown.push_back({tag.substr(1, tag.size() - 2), answer.body, false});
  } else if (answer.status == 300) {
    const auto body = nlohmann::json::parse(answer.body);
    for (const auto& sibling : body.at("siblings")) {
      get.shown.push_back({sibling.at("vtag"), sibling.value("value", std::string()), sibling.contains("deleted")});
    }
  }
}

}  // namespace

// One client. It runs one operation at a time, at its home node or the next one that can be reached.
class Load::Session {
 public:
  Session(const Cluster& cluster, const LoadPlan& plan, History& history, std::uint32_t number)
      : plan_(plan), history_(history), number_(number), at_(number % cluster.size()), random_(number) {
    for (std::size_t i = 0; i < cluster.size(); ++i) clients_.push_back(cluster.client(i, kTimeoutNs));
  }

  void act() {
    const auto key = static_cast<std::uint32_t>(random_() % plan_.keys);
    const std::uint64_t draw = random_() % 100;
    if (draw < 35) {
      get(key);
    } else if (draw < 50) {
      write(RequestKind::kPut, key, std::nullopt);
    } else if (const auto read = get(key)) {
      const bool found = !history_.operation(*read).shown.empty();
      write(draw < 90 || !found ? RequestKind::kPut : RequestKind::kDelete, key, read);
    }
  }

  // The operation's number if it succeeded.
  std::optional<std::size_t> get(std::uint32_t key) {
    Operation operation{.kind = RequestKind::kGet, .session = number_, .key = key, .primary_need = plan_.pr};
    return ask(std::move(operation), {.method = "GET",
                                      .target = target(key, plan_.pr > 0 ? "?pr=" + std::to_string(plan_.pr) : ""),
                                      .headers = {{"Accept", "application/json"}},
                                      .body = {}});
  }

 private:
  static std::string target(std::uint32_t key, const std::string& query) {
    return "/buckets/default/keys/" + cli::url_escaped(load_key(key).key()) + query;
  }

  void write(RequestKind kind, std::uint32_t key, std::optional<std::size_t> read) {
    Operation operation{.kind = kind, .session = number_, .key = key, .primary_need = plan_.pw, .context_from = read};
    cli::HttpRequest request{.method = kind == RequestKind::kPut ? "PUT" : "DELETE",
                             .target = target(key, plan_.pw > 0 ? "?pw=" + std::to_string(plan_.pw) : ""),
                             .headers = {{"Content-Type", "text/plain"}},
                             .body = {}};
    if (read) operation.context_sent = history_.operation(*read).context;
    if (!operation.context_sent.empty()) {
      request.headers.emplace_back(kContextHeader, operation.context_sent);
    } else {
      operation.context_from.reset();
    }
    ask(std::move(operation), std::move(request));
  }

  std::optional<std::size_t> ask(Operation operation, cli::HttpRequest request) {
    const std::size_t number = history_.begin(operation);
    if (operation.kind == RequestKind::kPut) request.body = value_of(number);
    operation.outcome = Outcome::kRefused;  // unless a node gets the request
    for (std::size_t tries = 0; tries < clients_.size(); ++tries) {
      const auto answer = clients_[at_].ask(request);
      if (answer) {
        operation.outcome = outcome_of(answer->status);
        operation.context = header_of(*answer, kContextHeader);
        if (operation.kind == RequestKind::kGet) take_versions(*answer, operation);
        break;
      }
      at_ = (at_ + 1) % clients_.size();
      if (!answer.error().sent) continue;
      operation.outcome = Outcome::kUnknown;
      break;
    }
    history_.end(number, operation);
    if (operation.outcome != Outcome::kDone) return std::nullopt;
    return number;
  }

  const LoadPlan& plan_;
  History& history_;
  std::uint32_t number_;
  std::size_t at_;
  std::mt19937_64 random_;
  std::vector<cli::HttpClient> clients_;
};

Load::Load(const Cluster& cluster, const LoadPlan& plan) : cluster_(cluster), plan_(plan), done_(plan.sessions) {
  for (std::uint32_t i = 0; i < plan_.sessions; ++i) {
    threads_.emplace_back([this, i] {
      Session session(cluster_, plan_, history_, i);
      while (!stopped_) {
        session.act();
        ++done_[i];
      }
    });
  }
}

Load::~Load() {
  stop();
}

void Load::stop() {
  stopped_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Load::go_on_for(std::size_t operations) {
  const std::size_t wanted = history_.size() + operations;
  std::vector<std::size_t> before(done_.begin(), done_.end());
  REQUIRE(eventually([&] {
    for (std::size_t i = 0; i < done_.size(); ++i) {
      if (done_[i] == before[i]) return false;
    }
    return history_.size() >= wanted;
  }));
}

Finals Load::look_at_the_end() {
  Session reader(cluster_, plan_, history_, plan_.sessions);
  Finals finals;
  const auto agree = [&] {
    finals.assign(cluster_.size(), {});
    bool same = true;
    for (std::uint32_t key = 0; key < plan_.keys; ++key) {
      reader.get(key);
      const std::string name(load_key(key).key());
      std::vector<std::string> digests;
      for (std::size_t i = 0; i < cluster_.size(); ++i) {
        const auto held = cluster_.json(i, "/api/v1/admin/keys/" + name);
        same = same && held.at("hints").empty();
        finals[i][key] = held.at("object");
      }
      const auto list = cluster_.json(0, "/api/v1/cluster/preflist/" + name).at("preference_list");
      for (const auto& node : list) {
        if (!node.at("primary").get<bool>()) continue;
        const auto& object = finals[std::stoul(node.at("name").get<std::string>().substr(1)) - 1][key];
        digests.push_back(object.is_null() ? "" : object.at("digest").get<std::string>());
      }
      same = same && std::ranges::count(digests, digests.front()) == std::ssize(digests);
    }
    return same;
  };
  eventually(agree);
  return finals;
}

}  // namespace dkv::integration
