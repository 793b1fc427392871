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
  std::string what;   // the mistake, with the offending word in quotes
  std::string meant;  // the word that was probably meant, or the allowed words
};

// "file:line:column: what, and what was meant".
std::string to_string(const Complaint& complaint);
// One complaint a line. Every line ends with a newline.
std::string to_string(const std::vector<Complaint>& complaints);

inline constexpr std::size_t kComplaintsMax = 20;

// The place of a word: in the file, or in an override of the command line, where `line` is the number of the
// override.
struct Place {
  enum class Source : std::uint8_t { kFile, kOverride };
  Source source = Source::kFile;
  int line = 1;
  int column = 1;
};

// Collects complaints, so that a person can correct several mistakes at once.
class Complaints {
 public:
  explicit Complaints(std::string file) : file_(std::move(file)) {}

  void add(const Place& place, std::string what, std::string meant);
  bool empty() const noexcept { return found_.empty(); }
  std::size_t size() const noexcept { return found_.size(); }
  // The first kComplaintsMax complaints without duplicates, ascending by position. Complaints about overrides come
  // last.
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
