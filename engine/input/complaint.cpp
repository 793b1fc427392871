#include "engine/input/complaint.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace dkv {

namespace {
// Far more complaints than a person is shown. The limit bounds hostile input.
constexpr std::size_t kGatheredMax = 1000;
}  // namespace

std::string to_string(const Complaint& complaint) {
  std::string text = complaint.file + ':' + std::to_string(complaint.line) + ':' + std::to_string(complaint.column) +
                     ": " + complaint.what;
  if (!complaint.meant.empty()) text += "; " + complaint.meant;
  return text;
}

std::string to_string(const std::vector<Complaint>& complaints) {
  std::string text;
  for (const Complaint& complaint : complaints) text += to_string(complaint) + '\n';
  return text;
}

void Complaints::add(const Place& place, std::string what, std::string meant) {
  if (found_.size() < kGatheredMax) found_.push_back({place, std::move(what), std::move(meant)});
}

std::vector<Complaint> Complaints::take() {
  const auto position = [](const Found& found) {
    return std::make_tuple(found.place.source, found.place.line, found.place.column);
  };
  std::stable_sort(found_.begin(), found_.end(),
                   [&](const Found& a, const Found& b) { return position(a) < position(b); });
  const auto same = [&](const Found& a, const Found& b) { return position(a) == position(b) && a.what == b.what; };
  found_.erase(std::unique(found_.begin(), found_.end(), same), found_.end());
  std::vector<Complaint> complaints;
  for (Found& found : found_) {
    if (complaints.size() == kComplaintsMax) break;
    complaints.push_back({found.place.source == Place::Source::kFile ? file_ : "--set", found.place.line,
                          found.place.column, std::move(found.what), std::move(found.meant)});
  }
  found_.clear();
  return complaints;
}

}  // namespace dkv
