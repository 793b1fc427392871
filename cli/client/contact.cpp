#include "cli/client/contact.h"

#include <cstdlib>

#include "cli/cluster/local_cluster.h"

namespace dkv::cli {

Result<std::vector<Address>> contacts(const std::string& at) {
  const char* told = std::getenv("DISTRI_KV_AT");
  if (!at.empty() || (told != nullptr && *told != 0)) {
    auto address = parse_address(at.empty() ? told : at);
    if (!address) return fail((at.empty() ? "DISTRI_KV_AT: " : "--at: ") + address.error().what);
    return std::vector<Address>{std::move(*address)};
  }
  std::vector<Address> addresses;
  // A cluster with a broken configuration has no running nodes, so the error is ignored.
  if (const auto cluster = LocalCluster::open(LocalCluster::default_folder()); cluster && *cluster) {
    for (const LocalCluster::Node& node : (*cluster)->nodes()) {
      if (node.state == ProcessState::kRunning) addresses.push_back(node.http);
    }
  }
  if (addresses.empty()) addresses.push_back({"127.0.0.1", 8098});
  return addresses;
}

Contact::Contact(std::vector<Address> servers, TimeNs timeout_ns)
    : others_(servers.begin() + 1, servers.end()), timeout_ns_(timeout_ns), client_(servers.front(), timeout_ns) {}

tl::expected<HttpAnswer, HttpFailure> Contact::ask(const HttpRequest& request) {
  for (;;) {
    auto answer = client_.ask(request);
    if (answer) others_.clear();
    if (answer || answer.error().sent || others_.empty()) return answer;
    client_ = HttpClient(others_.front(), timeout_ns_);
    others_.erase(others_.begin());
  }
}

tl::expected<HttpAnswer, HttpFailure> Contact::get(std::string target) {
  return ask({.method = "GET", .target = std::move(target), .headers = {}, .body = {}});
}

}  // namespace dkv::cli
