#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dkv {

// One mistake in a file that a person wrote. Lines and columns count from 1; columns count bytes.
struct Complaint {
  std::string file;
  int line = 1;
  int column = 1;
  std::string what;   // what is wrong, with the offending word in quotes
  std::string meant;  // what was probably meant, or what is allowed
};

// "file:line:column: what, and what was meant".
std::string to_string(const Complaint& complaint);
// One a line, each line ended.
std::string to_string(const std::vector<Complaint>& complaints);

inline constexpr std::size_t kComplaintsMax = 20;

// Where a word stands: in the file, or in the line-th override of the command line.
struct Place {
  enum class Source : std::uint8_t { kFile, kOverride };
  Source source = Source::kFile;
  int line = 1;
  int column = 1;
};

// Gathers what is wrong, so that a person can mend several mistakes in one go.
class Complaints {
 public:
  explicit Complaints(std::string file) : file_(std::move(file)) {}

  void add(const Place& place, std::string what, std::string meant);
  bool empty() const noexcept { return found_.empty(); }
  std::size_t size() const noexcept { return found_.size(); }
  // Ascending by position (those of overrides last), each once, the first kComplaintsMax.
  std::vector<Complaint> take();

 private:
  struct Found {
    Place place;
    std::string what, meant;
  };
  std::string file_;
  std::vector<Found> found_;
};

}  // namespace dkv
